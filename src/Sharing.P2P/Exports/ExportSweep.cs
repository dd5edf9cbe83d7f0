using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Deletes the hashes for clients of other makers of contents that are gone.</summary>
/// <remarks>Where a content comes back meanwhile they are made again: nothing is lost.</remarks>
sealed class ExportSweep(IContentStore store, IRecordStore records) : ISweep
{
    public async Task SweepAsync(Action<RecordBatch> guard, CancellationToken cancellationToken = default)
    {
        await foreach (var record in records.ScanAsync(RecordRange.Under("export"), cancellationToken))
        {
            var content = ContentId.Parse(record.Key.Part(0));
            if (await store.FindAsync(content, cancellationToken) is null)
            {
                var batch = new RecordBatch().Delete(record.Key, RecordBatch.Any).Delete(ExportHashes.PiecesKeyOf(content), RecordBatch.Any);
                guard(batch);
                await records.CommitAsync(batch, cancellationToken);
            }
        }
    }
}
