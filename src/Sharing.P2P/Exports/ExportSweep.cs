using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Deletes the hashes for clients of other makers of contents that are gone: a thousand are looked at each time, round and round.</summary>
/// <remarks>Where a content comes back meanwhile they are made again: nothing is lost.</remarks>
sealed class ExportSweep(IContentStore store, IRecordStore records) : ISweep
{
    const int AtOnce = 1000;

    static readonly RecordRange s_all = RecordRange.Under("export");

    RecordKey? _last;

    public async Task SweepAsync(Action<RecordBatch> guard, CancellationToken cancellationToken = default)
    {
        var looked = await records.ScanAsync(_last is { } last ? s_all.After(last) : s_all, cancellationToken).Take(AtOnce).Select(static record => record.Key).ToListAsync(cancellationToken);
        foreach (var key in looked)
        {
            var content = ContentId.Parse(key.Part(0));
            if (await store.FindAsync(content, cancellationToken) is null)
            {
                var batch = new RecordBatch().Delete(key, RecordBatch.Any).Delete(ExportHashes.PiecesKeyOf(content), RecordBatch.Any);
                guard(batch);
                await records.CommitAsync(batch, cancellationToken);
            }
        }

        _last = looked.Count == AtOnce ? looked[^1] : null;
    }
}
