namespace Sharing.Messaging;

/// <summary>A handler that a server offers.</summary>
public sealed record HandlerOffer
{
    /// <summary>The handler.</summary>
    public required string Id { get; init; }

    /// <summary>Its version.</summary>
    public required int Version { get; init; }

    /// <summary>What people call it.</summary>
    public required string Title { get; init; }

    /// <summary>The kinds that it opens.</summary>
    public required IReadOnlyList<HandledKind> Kinds { get; init; }

    /// <summary>Where it runs.</summary>
    public required string Platform { get; init; }

    /// <summary>The id of its package's bytes.</summary>
    public required ContentId Package { get; init; }

    /// <summary>How many those are.</summary>
    public required long Length { get; init; }

    /// <summary>Who signed it: the hash (SHA-256) of his key, in hex.</summary>
    public required string Signer { get; init; }
}
