using Sharing.Core;

namespace Sharing.Tests.Records;

// A store in memory whose commits a test can spoil.
sealed class FaultyRecordStore : IRecordStore
{
    readonly MemoryRecordStore _inner = new();

    // Called before a commit, told the batch.
    public Func<RecordBatch, Task> Before { get; set; } = _ => Task.CompletedTask;

    // Called after it, before it is told.
    public Func<RecordBatch, Task> After { get; set; } = _ => Task.CompletedTask;

    public ValueTask<Record?> GetAsync(RecordKey key, CancellationToken cancellationToken = default) => _inner.GetAsync(key, cancellationToken);

    public IAsyncEnumerable<Record> ScanAsync(RecordRange range, CancellationToken cancellationToken = default) =>
        _inner.ScanAsync(range, cancellationToken);

    public async ValueTask<CommitOutcome> CommitAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        await Before(batch).WaitAsync(cancellationToken);
        var outcome = await _inner.CommitAsync(batch, cancellationToken);
        await After(batch);
        return outcome;
    }
}
