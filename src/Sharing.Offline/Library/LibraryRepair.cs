using Sharing.Core;

namespace Sharing.Offline;

/// <summary>Fetches again what the library has lost: its items are being fetched once more, and stay whose they are.</summary>
sealed class LibraryRepair(OfflineLibrary library, IRecordStore records) : IContentRepair
{
    public async Task<bool> RepairAsync(ContentInfo content, Action<RecordBatch> guard, CancellationToken cancellationToken = default)
    {
        var repaired = false;
        await foreach (var reference in records.ScanAsync(RecordRange.Under("reference", content.Id.ToString()), cancellationToken))
        {
            if (reference.Key.Part(1).StartsWith(OfflineLibrary.ReferencePrefix, StringComparison.Ordinal))
            {
                var id = ResourceId.Parse(reference.Key.Part(1)[OfflineLibrary.ReferencePrefix.Length..]);
                repaired |= await library.FetchAgainAsync(id, content.Id, guard, cancellationToken);
            }
        }

        return repaired;
    }
}
