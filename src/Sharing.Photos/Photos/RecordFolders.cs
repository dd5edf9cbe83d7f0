using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>Folders in records. Thread-safe singleton.</summary>
sealed class RecordFolders(IRecordStore records, PhotoBook book, IPeople people, IOptions<PhotoOptions> options, TimeProvider time) : IPhotoFolders
{
    /// <inheritdoc/>
    public async Task<PhotoFolder> CreateAsync(PersonId actor, FolderRequest request, CancellationToken cancellationToken = default)
    {
        var (id, now) = (FolderId.New(), time.GetUtcNow());
        var until = options.Value.EndOf(request.ValidFor, now) ?? now + await book.ValidForAsync(actor, cancellationToken);
        var (name, _) = options.Value.Check(new() { Name = request.Name }, now);
        name ??= PhotoName.From((await people.FindAsync([actor], cancellationToken)).GetValueOrDefault(actor)?.Name) ?? PhotoName.Of(null, now);
        var folder = new StoredFolder(actor, name, now, until, Math.Max(0, request.Announced), 0);
        await records.ChangeAsync(
            batch =>
            {
                PhotoBook.Put(batch, id, folder, null);
                return new(true);
            },
            cancellationToken);
        return await ShowAsync(id, folder, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<PhotoFolder?> FindAsync(PersonId actor, FolderId id, CancellationToken cancellationToken = default) =>
        await OwnAsync(actor, id, cancellationToken) is { } folder ? await ShowAsync(id, folder.Value, cancellationToken) : null;

    /// <inheritdoc/>
    public async IAsyncEnumerable<PhotoFolder> ListAsync(PersonId actor, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var entry in records.ScanAsync(PhotoKeys.FoldersOf(actor), PhotoRecords.Default.String, cancellationToken))
        {
            if (await FindAsync(actor, FolderId.Parse(entry.Value), cancellationToken) is { } folder)
            {
                yield return folder;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<PhotoFolder?> ChangeAsync(PersonId actor, FolderId id, PhotoChange change, CancellationToken cancellationToken = default)
    {
        var (name, until) = options.Value.Check(change, time.GetUtcNow());
        var found = await records.ChangeAsync(
            async batch =>
            {
                if (await OwnAsync(actor, id, cancellationToken) is not { } folder)
                {
                    return false;
                }

                PhotoBook.Put(batch, id, folder.Value with { Name = name ?? folder.Value.Name, Until = until ?? folder.Value.Until }, folder);
                return true;
            },
            cancellationToken);
        return found ? await FindAsync(actor, id, cancellationToken) : null;
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(PersonId actor, FolderId id, CancellationToken cancellationToken = default) =>
        await OwnAsync(actor, id, cancellationToken) is not null && await book.DeleteFolderAsync(id, static _ => true, null, cancellationToken);

    async ValueTask<Versioned<StoredFolder>?> OwnAsync(PersonId actor, FolderId id, CancellationToken cancellationToken) =>
        await book.FindLiveAsync(id, cancellationToken) is { } folder && folder.Value.Owner == actor ? folder : null;

    async ValueTask<PhotoFolder> ShowAsync(FolderId id, StoredFolder folder, CancellationToken cancellationToken) => new()
    {
        Id = id, Name = folder.Name, Created = folder.Created, Expires = folder.Until, Announced = folder.Announced, Arrived = folder.Arrived,
        Cover = await book.IdsAsync(PhotoKeys.In(id), cancellationToken).Select(static photo => (PhotoId?)photo).FirstOrDefaultAsync(cancellationToken),
    };
}
