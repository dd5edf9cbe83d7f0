using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Sharing.Core;
using Sharing.PostgreSql;

namespace Sharing.Tests.Records;

public sealed class WorkQueueOnPostgreSqlTests(PostgresFixture postgres)
{
    const int Items = 500, Hosts = 3, Workers = 8;

    [Fact(Timeout = 120_000)]
    public async Task Many_workers_on_several_hosts_do_each_item_once_and_seldom_want_the_same()
    {
        var place = await postgres.PlaceAsync();
        var hosts = Enumerable.Range(0, Hosts).Select(_ => new CountingStore(new PostgreSqlRecordStore(place))).ToArray();
        var queue = new WorkQueue(hosts[0], TimeProvider.System, "outbox");
        var batch = new RecordBatch();
        for (var i = 0; i < Items; i++)
        {
            await queue.ScheduleAsync(batch, i.ToString(CultureInfo.InvariantCulture), TimeProvider.System.GetUtcNow(), JsonElement.Parse("1"), TestContext.Current.CancellationToken);
        }

        await hosts[0].CommitAsync(batch, TestContext.Current.CancellationToken);
        var done = new ConcurrentBag<string>();
        await Task.WhenAll(hosts.SelectMany(host => Enumerable.Range(0, Workers).Select(_ => Task.Run(
            async () =>
            {
                var mine = new WorkQueue(host, TimeProvider.System, "outbox");
                while (await mine.ClaimAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken) is { } item)
                {
                    var ended = new RecordBatch();
                    item.Complete(ended);
                    Assert.True((await host.CommitAsync(ended, TestContext.Current.CancellationToken)).Committed);
                    done.Add(item.Id);
                }
            },
            TestContext.Current.CancellationToken))));
        Assert.Equal(Items, done.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Items, done.Count);
        Assert.InRange(hosts.Sum(static host => host.Conflicts), 0, Items); // without care: more than two for each
        foreach (var host in hosts)
        {
            await host.Records.DisposeAsync();
        }
    }

    sealed class CountingStore(PostgreSqlRecordStore records) : IRecordStore
    {
        int _conflicts;

        public PostgreSqlRecordStore Records => records;

        public int Conflicts => _conflicts;

        public ValueTask<Record?> GetAsync(RecordKey key, CancellationToken cancellationToken = default) => records.GetAsync(key, cancellationToken);

        public IAsyncEnumerable<Record> ScanAsync(RecordRange range, CancellationToken cancellationToken = default) => records.ScanAsync(range, cancellationToken);

        public async ValueTask<CommitOutcome> CommitAsync(RecordBatch batch, CancellationToken cancellationToken = default)
        {
            var outcome = await records.CommitAsync(batch, cancellationToken);
            Interlocked.Add(ref _conflicts, outcome.Committed ? 0 : 1);
            return outcome;
        }
    }
}
