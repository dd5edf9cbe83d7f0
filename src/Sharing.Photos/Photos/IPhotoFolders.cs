namespace Sharing.Photos;

/// <summary>The folders that a person keeps photos in: his own side. Thread-safe. What is not the actor's is <c>null</c> or <c>false</c>, like what is not there.</summary>
public interface IPhotoFolders
{
    /// <summary>Makes a folder.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: a name or a period does not fit.</exception>
    Task<PhotoFolder> CreateAsync(PersonId actor, FolderRequest request, CancellationToken cancellationToken = default);

    /// <summary>A folder.</summary>
    Task<PhotoFolder?> FindAsync(PersonId actor, FolderId id, CancellationToken cancellationToken = default);

    /// <summary>The actor's folders, the newest first.</summary>
    IAsyncEnumerable<PhotoFolder> ListAsync(PersonId actor, CancellationToken cancellationToken = default);

    /// <summary>Gives a folder another name, or it and what is in it another end.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: it does not fit.</exception>
    Task<PhotoFolder?> ChangeAsync(PersonId actor, FolderId id, PhotoChange change, CancellationToken cancellationToken = default);

    /// <summary>Removes a folder and every photo in it.</summary>
    Task<bool> DeleteAsync(PersonId actor, FolderId id, CancellationToken cancellationToken = default);
}
