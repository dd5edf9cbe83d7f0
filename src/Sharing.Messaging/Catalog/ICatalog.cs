namespace Sharing.Messaging;

/// <summary>What a server offers to those who have signed in (row M1). Thread-safe singleton.</summary>
public interface ICatalog
{
    /// <summary>Lists what there is now, page by page.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: the query does not fit.</exception>
    Task<CatalogPage> ListAsync(PersonId actor, CatalogQuery query, CancellationToken cancellationToken = default);

    /// <summary>One item; <c>null</c>: there is none.</summary>
    Task<CatalogItem?> FindAsync(PersonId actor, CatalogItemId id, CancellationToken cancellationToken = default);

    /// <summary>Asks for an item: it comes into the actor's inbox, as whatever is sent to him does.</summary>
    /// <returns>The message; <c>null</c>: there is no such item.</returns>
    Task<Message?> RequestAsync(PersonId actor, CatalogItemId id, CancellationToken cancellationToken = default);
}
