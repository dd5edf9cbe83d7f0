using Sharing.Core;

namespace Sharing.Photos;

/// <summary>Tells of what happens to photos at a server. Thread-safe.</summary>
public sealed class HttpPhotoWatch(ServerConnection server) : IPhotoWatch
{
    /// <inheritdoc/>
    public IAsyncEnumerable<PhotoFolder> WatchFolderAsync(PersonId actor, FolderId id, CancellationToken cancellationToken = default) =>
        server.EventsAsync(actor, $"v1/photo-folders/{id}/events", PhotosJson.Default.PhotoFolder, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<GrantView> WatchGrantsAsync(PersonId actor, CancellationToken cancellationToken = default) =>
        server.EventsAsync(actor, "v1/granted-photos/events", PhotosJson.Default.GrantView, cancellationToken);
}
