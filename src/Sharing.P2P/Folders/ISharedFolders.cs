namespace Sharing.P2P;

/// <summary>Folders of the user's whose files are shared (row D1): each goes to his space on the shared-data server in the background, and is given to others from where it is meanwhile.</summary>
/// <remarks>Thread-safe. What is not the actor's is <c>false</c> or empty, like what is not there.</remarks>
public interface ISharedFolders
{
    /// <summary>Shares what is in a folder, and what comes into it. The same folder again: its settings change for files that are shared from then on.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: there is no such folder, it is in a shared folder or has one in it, or its audience names people.</exception>
    Task AddAsync(PersonId actor, SharedFolder folder, CancellationToken cancellationToken = default);

    /// <summary>Shares nothing more from a folder. What the server has stays shared; an upload under way is given up.</summary>
    /// <returns>Whether it was shared.</returns>
    Task<bool> StopAsync(PersonId actor, string path, CancellationToken cancellationToken = default);

    /// <summary>The folders, by their paths.</summary>
    IAsyncEnumerable<SharedFolder> ListAsync(PersonId actor, CancellationToken cancellationToken = default);

    /// <summary>The files of all folders, or of one, and how each stands.</summary>
    IAsyncEnumerable<FolderFile> FilesAsync(PersonId actor, string? path = null, CancellationToken cancellationToken = default);
}
