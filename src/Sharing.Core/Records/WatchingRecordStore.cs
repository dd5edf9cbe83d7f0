namespace Sharing.Core;

/// <summary>Adds <see cref="IRecordWatch"/> to a store: counts the changes made through it, kind by kind, and wakes those who wait.</summary>
/// <remarks>Thread-safe. Changes made by other processes are not seen. The counts begin anew with every instance. A commit that ended in
/// an exception may have happened, so it wakes too. The inner store belongs to whoever made it: this disposes nothing.</remarks>
/// <param name="inner">The store that keeps the records.</param>
public sealed class WatchingRecordStore(IRecordStore inner) : IRecordStore, IRecordWatch, IRecordErasure
{
    readonly Lock _lock = new();
    readonly Dictionary<string, Counter> _counters = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<Record?> GetAsync(RecordKey key, CancellationToken cancellationToken = default) => inner.GetAsync(key, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<Record> ScanAsync(RecordRange range, CancellationToken cancellationToken = default) =>
        inner.ScanAsync(range, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<CommitOutcome> CommitAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        var happened = true;
        try
        {
            var outcome = await inner.CommitAsync(batch, cancellationToken);
            happened = outcome.Committed;
            return outcome;
        }
        finally
        {
            if (happened)
            {
                Wake(batch);
            }
        }
    }

    /// <inheritdoc/>
    public Task EraseAsync(CancellationToken cancellationToken = default) => inner is IRecordErasure erasure ? erasure.EraseAsync(cancellationToken) : Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask<long> WaitAsync(string kind, long seen, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                var counter = CounterOf(kind);
                if (counter.Count != seen)
                {
                    return counter.Count;
                }

                // Made under the same lock that counts: a change cannot slip in between the look and the wait.
                changed = (counter.Changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    void Wake(RecordBatch batch)
    {
        HashSet<string> kinds = new(StringComparer.Ordinal);
        foreach (var change in batch.Changes)
        {
            if (change.Kind != RecordChangeKind.Check)
            {
                kinds.Add(change.Key.Kind);
            }
        }

        lock (_lock)
        {
            foreach (var kind in kinds)
            {
                var counter = CounterOf(kind);
                counter.Count++;
                counter.Changed?.SetResult();
                counter.Changed = null;
            }
        }
    }

    Counter CounterOf(string kind)
    {
        if (!_counters.TryGetValue(kind, out var counter))
        {
            _counters.Add(kind, counter = new());
        }

        return counter;
    }

    sealed class Counter
    {
        public long Count { get; set; } = 1;

        public TaskCompletionSource? Changed { get; set; }
    }
}
