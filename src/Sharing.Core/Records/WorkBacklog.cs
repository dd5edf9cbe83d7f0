using System.Globalization;

namespace Sharing.Core;

/// <summary>Looks, across all queues of the records, for work that is due and that nobody does. Thread-safe.</summary>
public sealed class WorkBacklog(IRecordStore records, TimeProvider time)
{
    /// <summary>The queues whose oldest piece of work has been due for at least so long, each with how long; whichever host should have done it.</summary>
    public async Task<IReadOnlyDictionary<string, TimeSpan>> OverdueAsync(TimeSpan patience, CancellationToken cancellationToken = default)
    {
        var overdue = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        var range = RecordRange.Under(WorkQueue.DueKind);
        while (await records.ScanAsync(range, cancellationToken).FirstOrDefaultAsync(cancellationToken) is { } oldest)
        {
            var (queue, due) = (oldest.Key.Part(0), long.Parse(oldest.Key.Part(1), CultureInfo.InvariantCulture));
            if (time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(due) is var late && late >= patience)
            {
                overdue[queue] = late;
            }

            range = range.After(RecordKey.Of(WorkQueue.DueKind, queue, RecordKey.Number(long.MaxValue), "~")); // the next queue
        }

        return overdue;
    }
}
