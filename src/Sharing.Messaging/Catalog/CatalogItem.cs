namespace Sharing.Messaging;

/// <summary>Something that a server offers (row M1).</summary>
public sealed record CatalogItem
{
    /// <summary>Its id.</summary>
    public required CatalogItemId Id { get; init; }

    /// <summary>What it is called.</summary>
    public required string Title { get; init; }

    /// <summary>What sort of thing it is: "video", "music", "book", "game", "shop" or a word of the operator's.</summary>
    public required string Kind { get; init; }

    /// <summary>Words that describe it.</summary>
    public IReadOnlyList<string> Tags { get; init => field = value ?? []; } = [];

    /// <summary>What whoever requests it gets.</summary>
    public required MessageResource Resource { get; init; }

    /// <summary>Since when it is offered.</summary>
    public required DateTimeOffset Added { get; init; }
}
