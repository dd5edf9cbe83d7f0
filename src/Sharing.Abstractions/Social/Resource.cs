namespace Sharing;

/// <summary>A resource of any kind: what is known of it. Address and name always, the rest where known (row R2).</summary>
public sealed record Resource
{
    /// <summary>The greatest length of an address, in characters.</summary>
    public const int MaxAddressLength = 2000;

    /// <summary>The greatest length of a name, in characters.</summary>
    public const int MaxNameLength = 255;

    /// <summary>Where it comes from: an absolute http or https address.</summary>
    public required Uri Address { get; init; }

    /// <summary>Its name: a file name without folders.</summary>
    public required string Name { get; init; }

    /// <summary>Its length in bytes, where known.</summary>
    public long? Length { get; init; }

    /// <summary>Its media type, where known (RFC 6838).</summary>
    public string? MediaType { get; init; }

    /// <summary>The id of its content, where known: after it has been downloaded whole.</summary>
    public ContentId? ContentId { get; init; }

    /// <summary>Room for more: short texts under names that the integrator chooses. At most 20, each at most 1,000 characters.</summary>
    public IReadOnlyDictionary<string, string>? More { get; init; }
}
