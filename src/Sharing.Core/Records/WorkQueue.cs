using System.Globalization;
using System.Runtime.InteropServices;
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

    const int MostFound = 64, FruitlessLooks = 3;

    static readonly TimeSpan s_fresh = TimeSpan.FromMilliseconds(100);
    static readonly Task<bool> s_known = Task.FromResult(true);

    // What a look at the index has found and nobody here has tried yet, and what is being tried: workers of one process never want the same, and need not look each for himself.
    readonly Lock _turn = new();
    readonly Queue<RecordKey> _found = new();
    readonly HashSet<RecordKey> _tried = [];
    Task<bool>? _look;
    long _foundAt;

    // Grows with each that another process was quicker to take, and shrinks with each that none was; unless it is 0, those that were found are taken in an order of chance. Written by several at once, and need not be exact.
    volatile int _others;

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

    /// <summary>All items, also those that are claimed or not due yet: their ids, and what they were scheduled with.</summary>
    public IAsyncEnumerable<(string Id, JsonElement Payload)> ListAsync(CancellationToken cancellationToken = default) =>
        records.ScanAsync(RecordRange.Under(Kind, Name), RecordsJson.Default.WorkRecord, cancellationToken).Select(static item => (item.Key.Part(1), item.Value.Payload));

    /// <summary>Takes one of the 64 items that have been due longest, the longest due first where no other process claims, or returns <c>null</c> when none is due.</summary>
    /// <param name="visibility">When it comes back if nothing is heard of it; counts from now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<WorkItem?> ClaimAsync(TimeSpan visibility, CancellationToken cancellationToken = default) =>
        ClaimAsync(visibility, static (_, _) => default, cancellationToken);

    /// <summary>Takes an item as <see cref="ClaimAsync(TimeSpan, CancellationToken)"/> does, in one commit with what its worker writes down before he begins.</summary>
    /// <param name="visibility">When it comes back if nothing is heard of it; counts from now.</param>
    /// <param name="begin">Given an item's id, adds to the commit that claims it. May be called for several: the last one is the one that is claimed, if any is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<WorkItem?> ClaimAsync(TimeSpan visibility, Func<string, RecordBatch, ValueTask> begin, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(visibility, TimeSpan.Zero);
        var failed = new HashSet<RecordKey>();
        for (var fruitless = 0; fruitless < FruitlessLooks && await LookAsync(cancellationToken); fruitless++)
        {
            while (NextFound(failed) is { } entry)
            {
                try
                {
                    fruitless = 0;
                    if (await TryClaimAsync(entry, time.GetUtcNow() + visibility, begin, cancellationToken) is { } claimed)
                    {
                        return claimed;
                    }
                }
                finally
                {
                    failed.Add(entry);
                    lock (_turn)
                    {
                        _tried.Remove(entry);
                    }
                }
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

    /// <summary>The next that was found, but for those that whoever asks could not get.</summary>
    RecordKey? NextFound(HashSet<RecordKey> failed)
    {
        lock (_turn)
        {
            while (_found.TryDequeue(out var next))
            {
                if (!failed.Contains(next))
                {
                    _tried.Add(next);
                    return next;
                }
            }

            return null;
        }
    }

    /// <summary>Looks for what is due, unless enough is known; those who come meanwhile wait for the same look.</summary>
    /// <returns>Whether there is something that nobody here tries.</returns>
    async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        var look = SharedLookAsync(out var isOld);
        return await look.WaitAsync(cancellationToken)
            || (isOld && await SharedLookAsync(out _).WaitAsync(cancellationToken)); // it was begun before this one was asked for, and may not know what has come since
    }

    Task<bool> SharedLookAsync(out bool isOld)
    {
        lock (_turn)
        {
            isOld = _look is not null;
            if (time.GetElapsedTime(_foundAt) > s_fresh)
            {
                _found.Clear(); // others may have been put before them
            }

            return _found.Count > 0 ? s_known : _look ??= Task.Run(FindAsync);
        }
    }

    async Task<bool> FindAsync()
    {
        var found = new List<RecordKey>();
        try
        {
            var due = RecordRange.Under(DueKind, Name).Before(RecordKey.Of(DueKind, Name, RecordKey.Number(Math.Max(0, time.GetUtcNow().ToUnixTimeMilliseconds()) + 1)));
            await foreach (var entry in records.ScanAsync(due, CancellationToken.None))
            {
                lock (_turn)
                {
                    if (!_tried.Contains(entry.Key))
                    {
                        found.Add(entry.Key);
                    }
                }

                if (found.Count == MostFound)
                {
                    break;
                }
            }

            if (_others > 0)
            {
                RandomNumberGenerator.Shuffle(CollectionsMarshal.AsSpan(found));
            }

            return found.Count > 0;
        }
        finally
        {
            lock (_turn)
            {
                found.ForEach(_found.Enqueue);
                (_look, _foundAt) = (null, time.GetTimestamp());
            }
        }
    }

    async Task<WorkItem?> TryClaimAsync(RecordKey entry, DateTimeOffset until, Func<string, RecordBatch, ValueTask> begin, CancellationToken cancellationToken)
    {
        var id = entry.Part(2);
        var item = await records.GetAsync(ItemKey(Name, id), RecordsJson.Default.WorkRecord, cancellationToken);
        if (item is null || DueKey(Name, id, item.Value.Due) != entry)
        {
            return null; // moved or done since the look
        }

        var claimed = item.Value with { Due = Round(until), Attempts = item.Value.Attempts + 1 };
        var batch = new RecordBatch();
        Write(batch, Name, id, item.Value, claimed, item.Version);
        await begin(id, batch);
        var outcome = await records.CommitAsync(batch, cancellationToken);
        if (!outcome.Committed)
        {
            _others = MostFound;
            return null;
        }

        _others = Math.Max(0, _others - 1);
        Telemetry.Claimed(Name, time.GetUtcNow() - item.Value.Due);
        return new(Name, id, claimed, outcome.Version);
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
