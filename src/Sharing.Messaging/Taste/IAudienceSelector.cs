namespace Sharing.Messaging;

/// <summary>Chooses for whom something new is (row M2). Thread-safe singleton.</summary>
/// <remarks>Whoever has switched pushes off, or has had as many as a day brings, is left out afterwards.</remarks>
public interface IAudienceSelector
{
    /// <summary>Those to whom an item is to be pushed, each with the reason that he is told.</summary>
    IAsyncEnumerable<AudienceChoice> ChooseAsync(CatalogItem item, CancellationToken cancellationToken = default);
}
