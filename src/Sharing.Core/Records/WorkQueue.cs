using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Sharing.Core;

/// <summary>Work to be done at a time, once at least: it is scheduled in the commit that calls for it, and survives any crash.</summary>
/// <remarks>Thread-safe. Any number of workers may claim, in any number of processes. A claimed item that is neither completed nor retried
/// comes back when its visibility ends. Times have a resolution of a millisecond and are rounded up. Records: <c>work/{queue}/{id}</c>, and
/// <c>work-due/{queue}/{milliseconds}/{id}</c> as the index by time.</remarks>
/// <param name="records">Where the queue is kept.</param>
/// <param name="time">The clock.</param>
/// <param name="name">The queue's name, any text.</param>
public sealed class WorkQueue(IRecordStore records, TimeProvider time, string name)
{
    /// <summary>The kind of record to watch (<see cref="IRecordWatch"/>) for new work.</summary>
    public const string Kind = "work";

    internal const string DueKind = "work-due";

    const int MostSpread = 64;

    // How many of those that are due longest this one chooses among: more after each that another was quicker to take, one less after each that none was. May be written by several at once.
    volatile int _spread;

    /// <summary>The queue's name.</summary>
    public string Name { get; } = name;

    /// <summary>Adds to a batch what schedules an item, or supersedes the one of the same id: its attempts begin anew, and whoever works
    /// on it can no longer complete it.</summary>
    /// <param name="batch">The caller's commit. It conflicts when the item changes before it is committed: then begin again, with a new batch.</param>
    /// <param name="id">The item, any text: scheduling it twice makes one item.</param>
    /// <param name="due">When it may be claimed.</param>
    /// <param name="payload">What the worker needs to know.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask ScheduleAsync(
        RecordBatch batch, string id, DateTimeOffset due, JsonElement payload, CancellationToken cancellationToken = default)
    {
        var present = await records.GetAsync(ItemKey(Name, id), RecordsJson.Default.WorkRecord, cancellationToken);
        Write(batch, Name, id, present?.Value, new(Round(due), 0, payload), present?.Version ?? RecordBatch.Absent);
    }

    /// <summary>Adds to a batch what schedules an item, unless there is one of the same id: that stays as it is, due when it was.</summary>
    /// <param name="batch">The caller's commit. It conflicts when the item changes before it is committed: then begin again, with a new batch.</param>
    /// <param name="id">The item, any text.</param>
    /// <param name="due">When it may be claimed.</param>
    /// <param name="payload">What the worker needs to know.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask ScheduleOnceAsync(RecordBatch batch, string id, DateTimeOffset due, JsonElement payload, CancellationToken cancellationToken = default)
    {
        var key = ItemKey(Name, id);
        if (await records.GetAsync(key, cancellationToken) is { } present)
        {
            batch.Check(key, present.Version); // whoever ends it just now would not see what the batch adds
        }
        else
        {
            Write(batch, Name, id, null, new(Round(due), 0, payload), RecordBatch.Absent);
        }
    }

    /// <summary>Adds to a batch what removes an item, whoever has claimed it; nothing when there is none.</summary>
    /// <param name="batch">The caller's commit. It conflicts when the item changes before it is committed.</param>
    /// <param name="id">The item.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask RemoveAsync(RecordBatch batch, string id, CancellationToken cancellationToken = default)
    {
        if (await records.GetAsync(ItemKey(Name, id), RecordsJson.Default.WorkRecord, cancellationToken) is { } present)
        {
            new WorkItem(Name, id, present.Value, present.Version).Complete(batch);
        }
    }

    /// <summary>Takes the item that has been due longest, or returns <c>null</c> when none is due. Where many claim at once, each takes one of the
    /// 64 that have been due longest, so that they seldom want the same.</summary>
    /// <param name="visibility">When it comes back if nothing is heard of it; counts from now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<WorkItem?> ClaimAsync(TimeSpan visibility, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(visibility, TimeSpan.Zero);
        var now = time.GetUtcNow();
        var due = RecordRange.Under(DueKind, Name)
            .Before(RecordKey.Of(DueKind, Name, RecordKey.Number(Math.Max(0, now.ToUnixTimeMilliseconds()) + 1)));
        var passed = new Queue<RecordKey>();
        var pass = RandomNumberGenerator.GetInt32(Math.Max(1, _spread));
        await foreach (var entry in records.ScanAsync(due, cancellationToken))
        {
            if (passed.Count < pass)
            {
                passed.Enqueue(entry.Key);
            }
            else if (await TryClaimAsync(entry.Key, now + visibility, cancellationToken) is { } claimed)
            {
                return claimed;
            }
        }

        while (passed.TryDequeue(out var entry))
        {
            if (await TryClaimAsync(entry, now + visibility, cancellationToken) is { } claimed)
            {
                return claimed;
            }
        }

        return null;
    }

    /// <summary>When the next item is due or, being claimed, comes back; <c>null</c> when the queue is empty.</summary>
    public async ValueTask<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken = default)
    {
        await foreach (var entry in records.ScanAsync(RecordRange.Under(DueKind, Name), cancellationToken))
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(entry.Key.Part(1), CultureInfo.InvariantCulture));
        }

        return null;
    }

    async Task<WorkItem?> TryClaimAsync(RecordKey entry, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var id = entry.Part(2);
        var item = await records.GetAsync(ItemKey(Name, id), RecordsJson.Default.WorkRecord, cancellationToken);
        if (item is null || DueKey(Name, id, item.Value.Due) != entry)
        {
            _spread = Math.Min(MostSpread, (2 * _spread) + 1);
            return null; // moved or done since the scan read it
        }

        var claimed = item.Value with { Due = Round(until), Attempts = item.Value.Attempts + 1 };
        var batch = new RecordBatch();
        Write(batch, Name, id, item.Value, claimed, item.Version);
        var outcome = await records.CommitAsync(batch, cancellationToken);
        if (outcome.Committed)
        {
            Telemetry.Claimed(Name, time.GetUtcNow() - item.Value.Due);
        }

        _spread = outcome.Committed ? Math.Max(0, _spread - 1) : Math.Min(MostSpread, (2 * _spread) + 1);
        return outcome.Committed ? new(Name, id, claimed, outcome.Version) : null;
    }

    internal static RecordKey ItemKey(string queue, string id) => RecordKey.Of(Kind, queue, id);

    internal static RecordKey DueKey(string queue, string id, DateTimeOffset due) =>
        RecordKey.Of(DueKind, queue, RecordKey.Number(due.ToUnixTimeMilliseconds()), id);

    // The item's expected version guards its index record too: the two only ever change together.
    internal static void Write(RecordBatch batch, string queue, string id, WorkRecord? old, WorkRecord item, long expected)
    {
        batch.Put(ItemKey(queue, id), item, RecordsJson.Default.WorkRecord, expected);
        var index = DueKey(queue, id, item.Due);
        if (old is not null && DueKey(queue, id, old.Due) is var before && before != index)
        {
            batch.Delete(before, RecordBatch.Any);
        }

        batch.Put(index, "{}"u8.ToArray(), RecordBatch.Any);
    }

    internal static DateTimeOffset Round(DateTimeOffset due)
    {
        var whole = DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(0, due.ToUnixTimeMilliseconds()));
        return whole < due && due < DateTimeOffset.MaxValue ? whole.AddMilliseconds(1) : whole;
    }
}
