using System.Runtime.CompilerServices;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>A person's photos at a server. Thread-safe.</summary>
public sealed class HttpPhotos(ServerConnection server) : IPhotos
{
    /// <inheritdoc/>
    public Task<Photo?> FindAsync(PersonId actor, PhotoId id, CancellationToken cancellationToken = default) => server.GetAsync(actor, $"v1/photos/{id}", PhotosJson.Default.Photo, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Photo> ListAsync(PersonId actor, PhotoFilter filter = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var query = (filter.Folder is { } folder ? $"&folder={folder}" : "") + (filter.Device is { } device ? $"&device={Uri.EscapeDataString(device)}" : "");
        foreach (var photo in await server.GetAsync(actor, "v1/photos" + (query.Length > 0 ? "?" + query[1..] : ""), PhotosJson.Default.PhotoArray, cancellationToken) ?? [])
        {
            yield return photo;
        }
    }

    /// <inheritdoc/>
    public Task<Photo?> ChangeAsync(PersonId actor, PhotoId id, PhotoChange change, CancellationToken cancellationToken = default) =>
        server.SendAsync(actor, HttpMethod.Patch, $"v1/photos/{id}", change, PhotosJson.Default.PhotoChange, PhotosJson.Default.Photo, null, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(PersonId actor, PhotoId id, CancellationToken cancellationToken = default) => server.TellAsync(actor, HttpMethod.Delete, $"v1/photos/{id}", cancellationToken);

    /// <inheritdoc/>
    public Task<GrantedBytes?> OpenAsync(PersonId actor, PhotoId id, int? preview, CancellationToken cancellationToken = default) =>
        HttpGrantedBytes.OpenAsync(server, actor, $"v1/photos/{id}/content{HttpGrantedBytes.Preview(preview)}", cancellationToken);
}
