namespace Sharing;

/// <summary>For authors of <see cref="IRecordWatch"/>: counts the changes of each kind, and wakes those who wait. Thread-safe.</summary>
public sealed class RecordSignals
{
    readonly Lock _lock = new();
    readonly Dictionary<string, Counter> _counters = new(StringComparer.Ordinal);

    /// <summary>Wakes for the kinds that a batch has changed.</summary>
    public void Wake(RecordBatch batch) =>
        Wake(batch.Changes.Where(static change => change.Kind != RecordChangeKind.Check).Select(static change => change.Key.Kind));

    /// <summary>Wakes for some kinds, each once.</summary>
    public void Wake(IEnumerable<string> kinds)
    {
        var changed = kinds.ToHashSet(StringComparer.Ordinal);
        lock (_lock)
        {
            foreach (var kind in changed)
            {
                CounterOf(kind).Add();
            }
        }
    }

    /// <summary>Wakes everybody: news may have been lost.</summary>
    public void WakeAll()
    {
        lock (_lock)
        {
            foreach (var counter in _counters.Values)
            {
                counter.Add();
            }
        }
    }

    /// <inheritdoc cref="IRecordWatch.WaitAsync"/>
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
                changed = counter.NextAsync();
            }

            await changed.WaitAsync(cancellationToken);
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
        TaskCompletionSource? _changed;

        public long Count { get; private set; } = 1;

        public void Add()
        {
            Count++;
            _changed?.SetResult();
            _changed = null;
        }

        public Task NextAsync() => (_changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }
}
