namespace Sharing;

/// <summary>A record: a key, a JSON document, and the version that the last change gave it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Json">Its value: a UTF-8 JSON document of at most 256 KiB, readable to an operator.</param>
/// <param name="Version">The number of the commit that wrote it: greater than that of any commit of the same record before, and never used twice.</param>
public sealed record Record(RecordKey Key, ReadOnlyMemory<byte> Json, long Version)
{
    /// <summary>The greatest length of a value, in bytes.</summary>
    public const int MaxJsonLength = 256 * 1024;
}
