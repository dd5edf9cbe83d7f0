namespace Sharing.Core;

/// <summary>Adds <see cref="IRecordWatch"/> to a store that has none: counts the changes made through it, kind by kind, and wakes those who wait. And tells how commits went.</summary>
/// <remarks>Thread-safe. Where the store is no watch itself, changes made by other processes are not seen. The counts begin anew with every instance. A commit that ended in
/// an exception may have happened, so it wakes too. The inner store belongs to whoever made it: this disposes nothing.</remarks>
/// <param name="inner">The store that keeps the records.</param>
public sealed class WatchingRecordStore(IRecordStore inner) : IRecordStore, IRecordHeads, IRecordWatch, IRecordErasure
{
    readonly IRecordWatch? _watch = inner as IRecordWatch;
    readonly RecordSignals _signals = new();

    /// <summary>Whether changes made by other hosts wake, too.</summary>
    public bool HearsOthers => _watch is not null;

    /// <inheritdoc/>
    public ValueTask<Record?> GetAsync(RecordKey key, CancellationToken cancellationToken = default) => inner.GetAsync(key, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<Record> ScanAsync(RecordRange range, CancellationToken cancellationToken = default) =>
        inner.ScanAsync(range, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<IReadOnlyList<Record>>> HeadsAsync(IReadOnlyList<RecordRange> ranges, int most, CancellationToken cancellationToken = default) =>
        RecordExtensions.HeadsAsync(inner, ranges, most, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<CommitOutcome> CommitAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        var (began, ended) = (TimeProvider.System.GetTimestamp(), "failed");
        try
        {
            var outcome = await inner.CommitAsync(batch, cancellationToken);
            ended = outcome.Committed ? "committed" : "conflict";
            return outcome;
        }
        finally
        {
            Telemetry.Committed(ended, TimeProvider.System.GetElapsedTime(began));
            if (_watch is null && ended != "conflict")
            {
                _signals.Wake(batch);
            }
        }
    }

    /// <inheritdoc/>
    public Task EraseAsync(CancellationToken cancellationToken = default) => inner is IRecordErasure erasure ? erasure.EraseAsync(cancellationToken) : Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask<long> WaitAsync(string kind, long seen, CancellationToken cancellationToken = default) =>
        _watch?.WaitAsync(kind, seen, cancellationToken) ?? _signals.WaitAsync(kind, seen, cancellationToken);
}
