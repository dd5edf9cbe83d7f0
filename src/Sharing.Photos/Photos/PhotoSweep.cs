using Sharing.Core;

namespace Sharing.Photos;

/// <summary>Deletes what has come to its end (row F3): as much work as there is that is due, however much is kept.</summary>
sealed class PhotoSweep(IRecordStore records, PhotoBook book, GrantBook grants, TimeProvider time) : ISweep
{
    public async Task SweepAsync(Action<RecordBatch> guard, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        await foreach (var due in records.ScanAsync(PhotoKeys.Due("photo-folder-due", now), PhotoRecords.Default.String, cancellationToken))
        {
            await book.DeleteFolderAsync(FolderId.Parse(due.Value), folder => folder.Until <= now, guard, cancellationToken);
        }

        await foreach (var gone in records.ScanAsync(PhotoKeys.AllGone, PhotoRecords.Default.String, cancellationToken))
        {
            await book.EmptyAsync(PersonId.Parse(gone.Value), FolderId.Parse(gone.Key.Part(0)), guard, cancellationToken);
        }

        await foreach (var due in records.ScanAsync(PhotoKeys.Due("photo-due", now), PhotoRecords.Default.String, cancellationToken))
        {
            if (await book.FindAsync(PhotoId.Parse(due.Value), cancellationToken) is { } photo)
            {
                await book.DeleteAsync(photo.Value.Owner, [PhotoId.Parse(due.Value)], current => current.Until <= now, guard, cancellationToken);
            }
        }

        await grants.SweepAsync(now, guard, cancellationToken);
    }
}
