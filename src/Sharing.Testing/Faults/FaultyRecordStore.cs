namespace Sharing.Testing;

/// <summary>Records that go wrong as planned: <c>records.get</c>, <c>records.scan</c> (as it begins) and <c>records.commit</c>. Thread-safe.</summary>
public sealed class FaultyRecordStore(IRecordStore inner, FaultPlan plan) : IRecordStore
{
    /// <inheritdoc/>
    public ValueTask<Record?> GetAsync(RecordKey key, CancellationToken cancellationToken = default)
    {
        return plan.RunAsync("records.get", () => inner.GetAsync(key, cancellationToken), cancellationToken, corrupt: CorruptAsync);

        async ValueTask<Record?> CorruptAsync() => await inner.GetAsync(key, cancellationToken) is { } record ? record with { Json = FaultyBytes.Turned(record.Json) } : null;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Record> ScanAsync(
        RecordRange range, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await plan.RunAsync("records.scan", static () => default, cancellationToken);
        await foreach (var record in inner.ScanAsync(range, cancellationToken))
        {
            yield return record;
        }
    }

    /// <inheritdoc/>
    public ValueTask<CommitOutcome> CommitAsync(RecordBatch batch, CancellationToken cancellationToken = default) =>
        plan.RunAsync("records.commit", () => inner.CommitAsync(batch, cancellationToken), cancellationToken);
}
