using System.Collections.Concurrent;
using System.Text.Json;
using Sharing.Core;
using Sharing.Sqlite;
using Sharing.Testing;

namespace Sharing.Tests.Records;

public sealed class WorkQueueOnSqliteTests
{
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    readonly FakeTimeProvider _time = new();

    [Fact(Timeout = 60_000)]
    public async Task Many_workers_do_each_item_once_also_when_the_store_is_opened_anew()
    {
        var folder = Directory.CreateTempSubdirectory("sharing-queue-").FullName;
        var options = new SqliteOptions { Path = Path.Combine(folder, "records.db") };
        var results = new ConcurrentBag<string>();
        await using (var records = new SqliteRecordStore(options))
        {
            var queue = new WorkQueue(records, _time, "outbox");
            var batch = new RecordBatch();
            for (var i = 0; i < 100; i++)
            {
                await queue.ScheduleAsync(batch, $"item {i}", _time.GetUtcNow(), JsonElement.Parse("1"));
            }

            Assert.True((await records.CommitAsync(batch)).Committed);
            for (var i = 0; i < 10; i++)
            {
                Assert.NotNull(await queue.ClaimAsync(Minute)); // and never heard of again
            }
        }

        _time.Advance(Minute);
        await using (var records = new SqliteRecordStore(options))
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            {
                var queue = new WorkQueue(records, _time, "outbox");
                while (await queue.ClaimAsync(Minute) is { } item)
                {
                    var batch = new RecordBatch();
                    item.Complete(batch);
                    Assert.True((await records.CommitAsync(batch)).Committed);
                    results.Add(item.Id);
                }
            })));
            Assert.Null(await new WorkQueue(records, _time, "outbox").NextDueAsync());
        }

        Directory.Delete(folder, recursive: true);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"item {i}").Order(StringComparer.Ordinal), results.Order(StringComparer.Ordinal));
    }
}
