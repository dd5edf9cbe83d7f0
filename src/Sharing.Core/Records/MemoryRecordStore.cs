using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Sharing.Core;

/// <summary>Keeps records in memory: for tests, and for hosts that may forget everything when they end.</summary>
/// <remarks>Thread-safe. Readers see one immutable snapshot and wait for nobody; a commit replaces the snapshot whole.
/// A scan sees the records as they were when it began.</remarks>
public sealed class MemoryRecordStore : IRecordStore
{
    readonly Lock _commit = new();
    ImmutableSortedSet<Entry> _entries = ImmutableSortedSet.Create<Entry>(new ByKey());
    long _version;

    /// <inheritdoc/>
    public ValueTask<Record?> GetAsync(RecordKey key, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Find(Volatile.Read(ref _entries), key.Value));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Record> ScanAsync(RecordRange range, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var entries = Volatile.Read(ref _entries);
        for (var i = FirstAt(entries, range.From); i < entries.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var entry = entries[i];
            if (string.CompareOrdinal(entry.Key, range.To) >= 0)
            {
                break;
            }

            yield return entry.Record!;
        }

        await ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<CommitOutcome> CommitAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_commit)
        {
            foreach (var change in batch.Changes)
            {
                var version = Find(_entries, change.Key.Value)?.Version ?? RecordBatch.Absent;
                if (change.Expected != RecordBatch.Any && change.Expected != version)
                {
                    return new(new CommitOutcome(0, change.Key));
                }
            }

            var next = _version + 1;
            var entries = _entries.ToBuilder();
            var changed = false;
            foreach (var change in batch.Changes)
            {
                changed |= Apply(entries, change, next);
            }

            if (changed)
            {
                _version = next;
                Volatile.Write(ref _entries, entries.ToImmutable());
            }

            return new(new CommitOutcome(_version, null));
        }
    }

    static bool Apply(ImmutableSortedSet<Entry>.Builder entries, RecordChange change, long version)
    {
        if (change.Kind == RecordChangeKind.Check)
        {
            return false;
        }

        entries.Remove(new(change.Key.Value, null));
        if (change.Kind == RecordChangeKind.Put)
        {
            // A copy: the caller's buffer is his again once this returns.
            entries.Add(new(change.Key.Value, new(change.Key, change.Json.ToArray(), version)));
        }

        return true;
    }

    static Record? Find(ImmutableSortedSet<Entry> entries, string key) =>
        entries.TryGetValue(new(key, null), out var entry) ? entry.Record : null;

    static int FirstAt(ImmutableSortedSet<Entry> entries, string key)
    {
        var index = entries.IndexOf(new(key, null));
        return index < 0 ? ~index : index;
    }

    readonly record struct Entry(string Key, Record? Record);

    sealed class ByKey : IComparer<Entry>
    {
        public int Compare(Entry x, Entry y) => string.CompareOrdinal(x.Key, y.Key);
    }
}
