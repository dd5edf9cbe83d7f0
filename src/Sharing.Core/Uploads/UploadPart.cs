namespace Sharing.Core;

/// <summary>Some bytes of an upload.</summary>
/// <param name="Offset">Where they begin: where the upload stands.</param>
/// <param name="Bytes">The bytes, read until they end. An exception of its reads means that they broke off.</param>
public sealed record UploadPart(long Offset, Stream Bytes)
{
    /// <summary>How many there are, where that is known beforehand.</summary>
    public long? Length { get; init; }

    /// <summary>Their checksum: where there is one, none of them counts before all were seen to fit it.</summary>
    public UploadChecksum? Checksum { get; init; }
}
