namespace Sharing.Messaging;

/// <summary>What a message brings: a resource by reference, never its bytes.</summary>
public sealed record MessageResource
{
    /// <summary>The most addresses.</summary>
    public const int MostAddresses = 8;

    /// <summary>The greatest length of an address, a name or a media type, in characters.</summary>
    public const int MaxAddressLength = 2000, MaxNameLength = 255, MaxTypeLength = 200;

    /// <summary>Its name: a file name without folders, or a title.</summary>
    public required string Name { get; init; }

    /// <summary>What it is said to be (RFC 6838). A hint: what opens it is found out by its bytes.</summary>
    public string? MediaType { get; init; }

    /// <summary>Its length in bytes, where known.</summary>
    public long? Length { get; init; }

    /// <summary>The id of its bytes, where known. Whoever fetches them checks that they are these.</summary>
    public ContentId? Content { get; init; }

    /// <summary>Where else it can be had: absolute http or https addresses.</summary>
    public IReadOnlyList<Uri> Addresses { get; init => field = value ?? []; } = [];

    /// <summary>Whether the server has the bytes, for whoever has the message.</summary>
    public bool IsHeld { get; init; }
}
