namespace Sharing;

/// <summary>The offline library: keeps resources so that they can be had when their origin is slow, or gone.</summary>
/// <remarks>Thread-safe singleton. Each item is held by the people who asked for it; who holds none sees none, whatever others hold.
/// "Not there" and "not yours" are the same <c>null</c>.</remarks>
public interface IOfflineStore
{
    /// <summary>Asks that a resource be kept, and returns at once. If it is there already, nothing is fetched (row R6); if it is on its
    /// way, this asker joins; if it failed before, it is tried again. The actor holds it from now on.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: the resource is malformed.</exception>
    Task<OfflineItem> KeepAsync(PersonId actor, Resource resource, CancellationToken cancellationToken = default);

    /// <summary>The item, if the actor holds it.</summary>
    Task<OfflineItem?> FindAsync(PersonId actor, ResourceId id, CancellationToken cancellationToken = default);

    /// <summary>Opens the stored bytes, if the actor holds the item and it is stored. Readable to the end also when it expires meanwhile.</summary>
    Task<IContentReader?> OpenAsync(PersonId actor, ResourceId id, CancellationToken cancellationToken = default);

    /// <summary>The actor holds it no longer; with its last holder the item goes.</summary>
    /// <returns>Whether he did hold it.</returns>
    Task<bool> RemoveAsync(PersonId actor, ResourceId id, CancellationToken cancellationToken = default);

    /// <summary>What the actor holds, in no order.</summary>
    IAsyncEnumerable<OfflineItem> ListAsync(PersonId actor, CancellationToken cancellationToken = default);
}
