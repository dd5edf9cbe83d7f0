namespace Sharing.Messaging;

/// <summary>That somebody did something with an item, or with what a message brought; one of both is named.</summary>
public sealed record TasteNote
{
    /// <summary>What he did.</summary>
    public required TasteUse Use { get; init; }

    /// <summary>The message.</summary>
    public MessageId? Message { get; init; }

    /// <summary>The item.</summary>
    public CatalogItemId? Item { get; init; }
}
