namespace Sharing.Offline;

/// <summary>An optional ability of an offline store: says when an item changes.</summary>
public interface IOfflineWatch
{
    /// <summary>The item as it is now, and again whenever it changes; ends when the actor no longer holds it.</summary>
    IAsyncEnumerable<OfflineItem> WatchAsync(PersonId actor, ResourceId id, CancellationToken cancellationToken = default);
}
