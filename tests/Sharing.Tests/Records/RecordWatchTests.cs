using Sharing.Core;
using Sharing.Testing;

namespace Sharing.Tests.Records;

public sealed class RecordWatchTests : RecordWatchSuite
{
    protected override Task<(IRecordStore Records, IRecordWatch Watch)> CreateAsync()
    {
        var watching = new WatchingRecordStore(new MemoryRecordStore());
        return Task.FromResult<(IRecordStore, IRecordWatch)>((watching, watching));
    }

    [Fact]
    public async Task A_commit_whose_outcome_is_unknown_wakes_to_be_on_the_safe_side()
    {
        var watching = new WatchingRecordStore(new BreakingStore());
        var seen = await watching.WaitAsync("watched", 0, Cancel);
        var waiter = watching.WaitAsync("watched", seen, Cancel).AsTask();

        await Assert.ThrowsAsync<IOException>(async () => await watching.CommitAsync(
            new RecordBatch().Delete(RecordKey.Of("watched", "a"), RecordBatch.Any), Cancel));
        await waiter.WaitAsync(TimeSpan.FromSeconds(20), Cancel);
    }

    sealed class BreakingStore : IRecordStore
    {
        public ValueTask<Record?> GetAsync(RecordKey key, CancellationToken cancellationToken = default) => throw new IOException("broken");

        public IAsyncEnumerable<Record> ScanAsync(RecordRange range, CancellationToken cancellationToken = default) => throw new IOException("broken");

        public ValueTask<CommitOutcome> CommitAsync(RecordBatch batch, CancellationToken cancellationToken = default) => throw new IOException("broken");
    }
}
