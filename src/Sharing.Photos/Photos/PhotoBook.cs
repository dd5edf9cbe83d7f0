using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>Photos and folders in records, with their indexes: what is written or deleted together. Decides nothing. Thread-safe singleton.</summary>
sealed class PhotoBook(IRecordStore records, Pictures pictures, KnownPhotos known, GrantBook grants, SpaceLedger space, IPeople people, IOptions<PhotoOptions> options, TimeProvider time)
{
    const int AtOnce = 50;

    public ValueTask<Versioned<StoredPhoto>?> FindAsync(PhotoId id, CancellationToken cancellationToken) => records.GetAsync(PhotoKeys.Photo(id), PhotoRecords.Default.StoredPhoto, cancellationToken);

    public ValueTask<Versioned<StoredFolder>?> FindAsync(FolderId id, CancellationToken cancellationToken) => records.GetAsync(PhotoKeys.Folder(id), PhotoRecords.Default.StoredFolder, cancellationToken);

    /// <summary>A photo that has not come to its end, with that end.</summary>
    public async ValueTask<(Versioned<StoredPhoto> Photo, DateTimeOffset Expires)?> FindLiveAsync(PhotoId id, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is not { } photo)
        {
            return null;
        }

        var folder = photo.Value.Folder is { } inside ? await FindAsync(inside, cancellationToken) : null;
        if (photo.Value.Folder is not null && folder is null)
        {
            return null; // its folder has gone, and it is about to
        }

        var expires = Earlier(photo.Value.Until, folder?.Value.Until);
        return expires > time.GetUtcNow() ? (photo, expires) : null;
    }

    /// <summary>A folder that has not come to its end.</summary>
    public async ValueTask<Versioned<StoredFolder>?> FindLiveAsync(FolderId id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is { } folder && folder.Value.Until > time.GetUtcNow() ? folder : null;

    /// <summary>How long what a person uploads is kept, unless he says otherwise.</summary>
    public async ValueTask<TimeSpan> ValidForAsync(PersonId owner, CancellationToken cancellationToken) =>
        options.Value.ValidForOf((await people.FindAsync([owner], cancellationToken)).GetValueOrDefault(owner));

    /// <summary>The ids of an index.</summary>
    public IAsyncEnumerable<PhotoId> IdsAsync(RecordRange index, CancellationToken cancellationToken) =>
        records.ScanAsync(index, PhotoRecords.Default.String, cancellationToken).Select(static entry => PhotoId.Parse(entry.Value));

    /// <summary>Adds to a batch what writes a photo, where there was this one before.</summary>
    public static void Put(RecordBatch batch, PhotoId id, StoredPhoto photo, Versioned<StoredPhoto>? before)
    {
        batch.Put(PhotoKeys.Photo(id), photo, PhotoRecords.Default.StoredPhoto, before?.Version ?? RecordBatch.Absent);
        batch.PutIndexes(id.Value, PhotoKeys.IndexesOf(id, photo), before is { } old ? PhotoKeys.IndexesOf(id, old.Value) : []);
    }

    /// <summary>Adds to a batch what writes a folder, where there was this one before.</summary>
    public static void Put(RecordBatch batch, FolderId id, StoredFolder folder, Versioned<StoredFolder>? before)
    {
        batch.Put(PhotoKeys.Folder(id), folder, PhotoRecords.Default.StoredFolder, before?.Version ?? RecordBatch.Absent);
        batch.PutIndexes(id.Value, PhotoKeys.IndexesOf(id, folder), before is { } old ? PhotoKeys.IndexesOf(id, old.Value) : []);
    }

    /// <summary>Adds to a batch what deletes photos, all of one owner, with everything that only they need. Their room is not given back by it.</summary>
    /// <returns>How many bytes of room they had.</returns>
    public async ValueTask<long> DeleteAsync(RecordBatch batch, IReadOnlyCollection<Versioned<StoredPhoto>> photos, CancellationToken cancellationToken)
    {
        foreach (var photo in photos)
        {
            batch.Delete(photo.Key, photo.Version);
            batch.PutIndexes(photo.Key.Part(0), [], PhotoKeys.IndexesOf(PhotoId.Parse(photo.Key.Part(0)), photo.Value));
        }

        if (photos.Count > 0)
        {
            await grants.NoteGoneAsync(batch, photos.Select(static photo => photo.Key.Part(0)), cancellationToken);
            await known.NoteAsync(batch, photos.First().Value.Owner, photos.Select(static photo => photo.Value), came: false, cancellationToken);
        }

        foreach (var same in photos.GroupBy(static photo => photo.Value.Content))
        {
            await pictures.RemoveAsync(batch, same.Key, same.Count(), cancellationToken);
        }

        return photos.Sum(static photo => photo.Value.Content.Length);
    }

    /// <summary>Deletes photos of one owner and gives their room back, in one commit.</summary>
    /// <param name="owner">Whose they are.</param>
    /// <param name="ids">The photos; those that are not there, or not his, are passed over.</param>
    /// <param name="isDue">Looks at each once more.</param>
    /// <param name="guard">Lets the commit happen only while that may be.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many were deleted.</returns>
    public async Task<int> DeleteAsync(
        PersonId owner, IReadOnlyCollection<PhotoId> ids, Func<StoredPhoto, bool> isDue, Action<RecordBatch>? guard, CancellationToken cancellationToken)
    {
        var gone = new List<Versioned<StoredPhoto>>();
        await records.ChangeAsync(
            async batch =>
            {
                gone.Clear();
                foreach (var id in ids)
                {
                    if (await FindAsync(id, cancellationToken) is { } photo && photo.Value.Owner == owner && isDue(photo.Value))
                    {
                        gone.Add(photo);
                    }
                }

                if (gone.Count > 0)
                {
                    guard?.Invoke(batch);
                    await space.ReleaseAsync(batch, owner, await DeleteAsync(batch, gone, cancellationToken), cancellationToken);
                }

                return gone.Count > 0;
            },
            cancellationToken);
        return gone.Count;
    }

    /// <summary>Deletes a folder, which closes all that is in it at once, and then that.</summary>
    /// <returns>Whether it was there, and due.</returns>
    public async Task<bool> DeleteFolderAsync(FolderId id, Func<StoredFolder, bool> isDue, Action<RecordBatch>? guard, CancellationToken cancellationToken)
    {
        PersonId owner = default;
        var found = await records.ChangeAsync(
            async batch =>
            {
                if (await FindAsync(id, cancellationToken) is not { } folder || !isDue(folder.Value))
                {
                    return false;
                }

                guard?.Invoke(batch);
                owner = folder.Value.Owner;
                await grants.NoteGoneAsync(batch, [id.Value], cancellationToken);
                batch.Delete(folder.Key, folder.Version).Put(PhotoKeys.Gone(id), owner.Value, PhotoRecords.Default.String, RecordBatch.Any);
                batch.PutIndexes(id.Value, [], PhotoKeys.IndexesOf(id, folder.Value));
                return true;
            },
            cancellationToken);
        if (found)
        {
            await EmptyAsync(owner, id, guard, cancellationToken);
        }

        return found;
    }

    /// <summary>Deletes what is in a folder that has gone; begun anew by the sweep where a crash came between.</summary>
    public async Task EmptyAsync(PersonId owner, FolderId folder, Action<RecordBatch>? guard, CancellationToken cancellationToken)
    {
        await foreach (var some in IdsAsync(PhotoKeys.In(folder), cancellationToken).Chunk(AtOnce).WithCancellation(cancellationToken))
        {
            await DeleteAsync(owner, some, static _ => true, guard, cancellationToken);
        }

        await records.CommitAsync(new RecordBatch().Delete(PhotoKeys.Gone(folder), RecordBatch.Any), cancellationToken);
    }

    /// <summary>A photo never outlives its folder (row F3).</summary>
    static DateTimeOffset Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is { } first && other is { } second ? first < second ? first : second : one ?? other ?? DateTimeOffset.MinValue;
}
