using System.Text;
using Xunit;

namespace Sharing.Testing;

/// <summary>What every <see cref="IRecordWatch"/> must do. Derive it, and return an object that is the store and the watch.</summary>
public abstract class RecordWatchSuite : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The store that changes are made in.</summary>
    protected IRecordStore Records { get; private set; } = null!;

    /// <summary>The watch under test.</summary>
    protected IRecordWatch Watch { get; private set; } = null!;

    /// <summary>Ends with the test run.</summary>
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes an empty store and its watch. They are disposed after the test if they can be.</summary>
    protected abstract Task<(IRecordStore Records, IRecordWatch Watch)> CreateAsync();

    /// <summary>Clears away what <see cref="CreateAsync"/> made besides.</summary>
    protected virtual ValueTask CleanUpAsync() => default;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => (Records, Watch) = await CreateAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await RecordStoreSuite.CloseAsync(Records);
        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

#pragma warning disable CS1591 // the names of the tests say it
    [Fact]
    public async Task The_first_wait_returns_at_once_with_a_count_of_at_least_one() =>
        Assert.True(await Watch.WaitAsync("watched", 0, Cancel) >= 1);

    [Fact]
    public async Task A_change_wakes_those_who_wait_for_its_kind()
    {
        foreach (var change in new[] { Put("a"), Put("a"), new RecordBatch().Delete(Key("a"), RecordBatch.Any) })
        {
            var seen = await Watch.WaitAsync("watched", 0, Cancel);
            var waiters = Enumerable.Range(0, 5).Select(_ => Watch.WaitAsync("watched", seen, Cancel).AsTask()).ToList();
            Assert.All(waiters, waiter => Assert.False(waiter.IsCompleted));
            await Records.CommitAsync(change, Cancel);

            foreach (var waiter in waiters)
            {
                Assert.NotEqual(seen, await waiter.WaitAsync(Patience, Cancel));
            }
        }
    }

    [Fact]
    public async Task A_change_made_before_the_wait_began_is_not_missed()
    {
        var seen = await Watch.WaitAsync("watched", 0, Cancel);
        await Records.CommitAsync(Put("a"), Cancel);

        Assert.NotEqual(seen, await Watch.WaitAsync("watched", seen, Cancel).AsTask().WaitAsync(Patience, Cancel));
    }

    [Fact]
    public async Task A_kind_nobody_wrote_to_wakes_nobody()
    {
        var seen = await Watch.WaitAsync("watched", 0, Cancel);
        var waiter = Watch.WaitAsync("watched", seen, Cancel).AsTask();
        await Records.CommitAsync(new RecordBatch().Put(RecordKey.Of("watch", "a"), "1"u8.ToArray(), RecordBatch.Any), Cancel);
        await Records.CommitAsync(new RecordBatch().Put(RecordKey.Of("watched-not", "a"), "1"u8.ToArray(), RecordBatch.Any), Cancel);
        await Records.CommitAsync(new RecordBatch().Check(Key("a"), RecordBatch.Absent), Cancel);
        await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancel);

        Assert.False(waiter.IsCompleted);
        await Records.CommitAsync(Put("a"), Cancel);
        await waiter.WaitAsync(Patience, Cancel);
    }

    [Fact]
    public async Task A_refused_commit_wakes_nobody()
    {
        var seen = await Watch.WaitAsync("watched", 0, Cancel);
        var waiter = Watch.WaitAsync("watched", seen, Cancel).AsTask();
        var outcome = await Records.CommitAsync(new RecordBatch().Put(Key("a"), "1"u8.ToArray(), 77), Cancel);
        await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancel);

        Assert.False(outcome.Committed);
        Assert.False(waiter.IsCompleted);
        await Records.CommitAsync(Put("a"), Cancel);
        await waiter.WaitAsync(Patience, Cancel);
    }

    [Fact]
    public async Task Whoever_wakes_sees_the_change()
    {
        var seen = await Watch.WaitAsync("watched", 0, Cancel);
        for (var i = 0; i < 50; i++)
        {
            var text = RecordKey.Number(i);
            var waiter = Task.Run(async () =>
            {
                var count = await Watch.WaitAsync("watched", seen, Cancel);
                var record = await Records.GetAsync(Key("a"), Cancel);
                return (count, Text: record is null ? null : Encoding.UTF8.GetString(record.Json.Span));
            }, Cancel);
            await Records.CommitAsync(new RecordBatch().Put(Key("a"), Encoding.UTF8.GetBytes($"\"{text}\""), RecordBatch.Any), Cancel);

            (seen, var read) = await waiter.WaitAsync(Patience, Cancel);
            Assert.Equal($"\"{text}\"", read);
        }
    }

    [Fact]
    public async Task A_wait_that_is_cancelled_throws_and_the_next_one_works()
    {
        var seen = await Watch.WaitAsync("watched", 0, Cancel);
        for (var i = 0; i < 1000; i++)
        {
            using var gaveUp = new CancellationTokenSource();
            var waiter = Watch.WaitAsync("watched", seen, gaveUp.Token).AsTask();
            await gaveUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiter.WaitAsync(Patience, Cancel));
        }

        var last = Watch.WaitAsync("watched", seen, Cancel).AsTask();
        await Records.CommitAsync(Put("a"), Cancel);
        await last.WaitAsync(Patience, Cancel);
    }

    [Fact]
    public async Task No_wake_up_is_lost_between_two_waits()
    {
        const int Commits = 300;
        var reader = Task.Run(async () =>
        {
            long seen = 0;
            while (true)
            {
                seen = await Watch.WaitAsync("watched", seen, Cancel).AsTask().WaitAsync(Patience, Cancel);
                if (await Records.GetAsync(Key("last"), Cancel) is not null)
                {
                    return;
                }
            }
        }, Cancel);

        for (var i = 1; i <= Commits; i++)
        {
            await Records.CommitAsync(Put(i == Commits ? "last" : "a"), Cancel);
        }

        await reader.WaitAsync(Patience, Cancel);
    }

    static RecordKey Key(string name) => RecordKey.Of("watched", name);

    static RecordBatch Put(string name) => new RecordBatch().Put(Key(name), "1"u8.ToArray(), RecordBatch.Any);
}
