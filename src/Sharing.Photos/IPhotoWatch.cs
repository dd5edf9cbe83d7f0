namespace Sharing.Photos;

/// <summary>Tells of what happens to photos as it happens (rows F5 and F10). Thread-safe.</summary>
public interface IPhotoWatch
{
    /// <summary>A folder of the actor's, now and whenever it changes: how many photos there are to be, and how many have come, which never goes back. Ends with the folder.</summary>
    IAsyncEnumerable<PhotoFolder> WatchFolderAsync(PersonId actor, FolderId id, CancellationToken cancellationToken = default);

    /// <summary>What is granted to the actor from now on, each once, at that moment.</summary>
    IAsyncEnumerable<GrantView> WatchGrantsAsync(PersonId actor, CancellationToken cancellationToken = default);
}
