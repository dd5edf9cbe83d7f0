namespace Sharing.Core;

/// <summary>What a source says of the content it offers.</summary>
public sealed record SourceOffer
{
    /// <summary>An offer about which nothing is known before the first read.</summary>
    public static SourceOffer Unknown { get; } = new();

    /// <summary>The content id, where the source knows it; such a source also implements <see cref="IProofSource"/>.</summary>
    public ContentId? ContentId { get; init; }

    /// <summary>The length in bytes, where said.</summary>
    public long? Length { get; init; }

    /// <summary>Names the version of the bytes: a strong entity tag, or a date of last change that is old enough to be one (RFC 9110, 8.8).
    /// <c>null</c>: versions cannot be told apart.</summary>
    public string? Validator { get; init; }

    /// <summary>The media type, where said.</summary>
    public string? MediaType { get; init; }

    /// <summary>The file name, where said.</summary>
    public string? Name { get; init; }
}
