using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>Photos in records. Thread-safe singleton.</summary>
sealed class RecordPhotos(IRecordStore records, PhotoBook book, Pictures pictures, IOptions<PhotoOptions> options, TimeProvider time) : IPhotos
{
    /// <inheritdoc/>
    public async Task<Photo?> FindAsync(PersonId actor, PhotoId id, CancellationToken cancellationToken = default) =>
        await book.FindLiveAsync(id, cancellationToken) is var (photo, expires) && photo.Value.Owner == actor ? await ShowAsync(id, photo.Value, expires, cancellationToken) : null;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Photo> ListAsync(PersonId actor, PhotoFilter filter = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var id in book.IdsAsync(filter.Folder is { } inside ? PhotoKeys.In(inside) : filter.Device is { } device ? PhotoKeys.From(actor, device) : PhotoKeys.Of(actor), cancellationToken))
        {
            if (await FindAsync(actor, id, cancellationToken) is { } photo && (filter.Device is null || photo.Device == filter.Device))
            {
                yield return photo;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<Photo?> ChangeAsync(PersonId actor, PhotoId id, PhotoChange change, CancellationToken cancellationToken = default)
    {
        var (name, until) = options.Value.Check(change, time.GetUtcNow());
        var found = await records.ChangeAsync(
            async batch =>
            {
                if (await book.FindLiveAsync(id, cancellationToken) is not var (photo, _) || photo.Value.Owner != actor)
                {
                    return false;
                }

                PhotoBook.Put(batch, id, photo.Value with { Name = name ?? photo.Value.Name, Until = until ?? photo.Value.Until }, photo);
                return true;
            },
            cancellationToken);
        return found ? await FindAsync(actor, id, cancellationToken) : null;
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(PersonId actor, PhotoId id, CancellationToken cancellationToken = default) =>
        await book.FindLiveAsync(id, cancellationToken) is var (photo, _) && photo.Value.Owner == actor
        && await book.DeleteAsync(actor, [id], static _ => true, null, cancellationToken) > 0;

    /// <inheritdoc/>
    public async Task<GrantedBytes?> OpenAsync(PersonId actor, PhotoId id, int? preview, CancellationToken cancellationToken = default) =>
        await book.FindLiveAsync(id, cancellationToken) is var (photo, _) && photo.Value.Owner == actor ? await pictures.OpenAsync(id, photo.Value, preview, CopyMetadata.All, CancellationToken.None, cancellationToken) : null;

    async ValueTask<Photo> ShowAsync(PhotoId id, StoredPhoto photo, DateTimeOffset expires, CancellationToken cancellationToken)
    {
        var picture = (await pictures.FindAsync(photo.Content.Id, cancellationToken))?.Value;
        return new()
        {
            Id = id, Name = photo.Name, Folder = photo.Folder, Device = photo.Device, Content = photo.Content.Id, Length = photo.Content.Length, MediaType = picture?.Header?.Format.MediaType,
            Width = picture?.Header?.ShownWidth, Height = picture?.Header?.ShownHeight, Taken = picture?.Header?.Taken, Created = photo.Created, Expires = expires,
            Previews = picture?.State ?? PreviewState.Pending, ThumbHash = picture?.ThumbHash,
        };
    }
}
