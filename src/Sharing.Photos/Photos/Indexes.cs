using Sharing.Core;

namespace Sharing.Photos;

/// <summary>Index entries: records whose value is the id of what they are about.</summary>
static class Indexes
{
    /// <summary>Adds to a batch what makes of the entries that there were those that there are to be.</summary>
    public static void PutIndexes(this RecordBatch batch, string id, IEnumerable<RecordKey> now, IEnumerable<RecordKey> before)
    {
        var (wanted, had) = (now.ToHashSet(), before.ToHashSet());
        foreach (var key in wanted.Except(had))
        {
            batch.Put(key, id, PhotoRecords.Default.String, RecordBatch.Any);
        }

        foreach (var key in had.Except(wanted))
        {
            batch.Delete(key, RecordBatch.Any);
        }
    }
}
