namespace Sharing.Messaging;

/// <summary>What is kept of an item.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Kind">What sort of thing it is.</param>
/// <param name="Tags">Words that describe it.</param>
/// <param name="Resource">What whoever requests it gets.</param>
/// <param name="Held">The bytes that are kept for it; <c>null</c>: none.</param>
/// <param name="Added">Since when it is offered.</param>
sealed record StoredItem(string Title, string Kind, IReadOnlyList<string> Tags, MessageResource Resource, ContentInfo? Held, DateTimeOffset Added)
{
    public CatalogItem Show(CatalogItemId id) => new() { Id = id, Title = Title, Kind = Kind, Tags = Tags, Resource = Resource, Added = Added };
}
