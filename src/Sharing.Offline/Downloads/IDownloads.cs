namespace Sharing.Offline;

/// <summary>A person's download list (row R1). Thread-safe singleton.</summary>
public interface IDownloads
{
    /// <summary>Adds an item and starts it as soon as there is a place.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>; <see cref="ProblemCodes.NotFound"/>: the link of a post
    /// that is not there, or not for the actor.</exception>
    Task<DownloadItem> AddAsync(PersonId actor, DownloadRequest request, CancellationToken cancellationToken = default);

    /// <summary>Pauses, resumes or cancels an item.</summary>
    /// <returns>The item as it is now (as it was, after cancelling), or <c>null</c> if there is none.</returns>
    Task<DownloadItem?> ChangeAsync(PersonId actor, DownloadId id, DownloadCommand command, CancellationToken cancellationToken = default);

    /// <summary>Shares an item, running or finished. Everything after that happens by itself.</summary>
    /// <returns>The post, or <c>null</c> if there is no such item.</returns>
    Task<SharedPost?> ShareAsync(PersonId actor, DownloadId id, ShareOptions options, CancellationToken cancellationToken = default);

    /// <summary>The list, in the order of the numbers.</summary>
    IAsyncEnumerable<DownloadItem> ListAsync(PersonId actor, CancellationToken cancellationToken = default);

    /// <summary>An item as it is now and whenever it changes, not faster than progress is told; ends when the item is finished, failed, paused or gone.</summary>
    IAsyncEnumerable<DownloadItem> WatchAsync(PersonId actor, DownloadId id, CancellationToken cancellationToken = default);
}
