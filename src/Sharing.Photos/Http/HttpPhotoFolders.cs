using System.Runtime.CompilerServices;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>A person's folders of photos at a server. Thread-safe.</summary>
public sealed class HttpPhotoFolders(ServerConnection server) : IPhotoFolders
{
    /// <inheritdoc/>
    public async Task<PhotoFolder> CreateAsync(PersonId actor, FolderRequest request, CancellationToken cancellationToken = default) =>
        await server.SendAsync(actor, HttpMethod.Post, "v1/photo-folders", request, PhotosJson.Default.FolderRequest, PhotosJson.Default.PhotoFolder, null, cancellationToken) ?? throw HttpPhotoSpace.NoPhotos();

    /// <inheritdoc/>
    public Task<PhotoFolder?> FindAsync(PersonId actor, FolderId id, CancellationToken cancellationToken = default) =>
        server.GetAsync(actor, $"v1/photo-folders/{id}", PhotosJson.Default.PhotoFolder, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<PhotoFolder> ListAsync(PersonId actor, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var folder in await server.GetAsync(actor, "v1/photo-folders", PhotosJson.Default.PhotoFolderArray, cancellationToken) ?? [])
        {
            yield return folder;
        }
    }

    /// <inheritdoc/>
    public Task<PhotoFolder?> ChangeAsync(PersonId actor, FolderId id, PhotoChange change, CancellationToken cancellationToken = default) =>
        server.SendAsync(actor, HttpMethod.Patch, $"v1/photo-folders/{id}", change, PhotosJson.Default.PhotoChange, PhotosJson.Default.PhotoFolder, null, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(PersonId actor, FolderId id, CancellationToken cancellationToken = default) =>
        server.TellAsync(actor, HttpMethod.Delete, $"v1/photo-folders/{id}", cancellationToken);
}
