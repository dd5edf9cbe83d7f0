using Sharing.Sqlite;
using Sharing.Tests.Content;

namespace Sharing.Tests.Records;

/// <summary>What SQLite's records keep in memory is what is committed, at every moment.</summary>
public sealed class RecordCacheTests
{
    static readonly RecordKey Key = RecordKey.Of("a", "1");

    readonly RecordCache _cache = new();

    [Fact]
    public void What_is_being_changed_is_unknown_until_the_transaction_has_ended()
    {
        _cache.Keep(Key, RecordOf(Key, 1), _cache.Changes);
        Assert.True(_cache.TryGet(Key, out var before));
        Assert.Equal(1, before!.Version);

        _cache.Begin([Key]);
        _cache.Keep(Key, RecordOf(Key, 1), _cache.Changes);
        Assert.False(_cache.TryGet(Key, out _));

        _cache.End([(Key, RecordOf(Key, 2))]);
        Assert.True(_cache.TryGet(Key, out var after));
        Assert.Equal(2, after!.Version);
    }

    [Fact]
    public void What_was_read_before_a_transaction_ended_is_not_kept()
    {
        var (early, other) = (_cache.Changes, RecordKey.Of("a", "2"));
        _cache.Begin([Key]);
        var amid = _cache.Changes;
        _cache.End([]);
        _cache.Keep(Key, RecordOf(Key, 1), early);
        _cache.Keep(other, RecordOf(other, 1), amid);

        Assert.False(_cache.TryGet(Key, out _));
        Assert.False(_cache.TryGet(other, out _));
    }

    [Fact]
    public void That_there_is_none_is_known_too()
    {
        Assert.False(_cache.TryGet(Key, out _));
        _cache.Begin([Key]);
        _cache.End([(Key, null)]);

        Assert.True(_cache.TryGet(Key, out var none));
        Assert.Null(none);
    }

    [Fact]
    public void What_nobody_asks_for_goes_and_what_somebody_asks_for_stays()
    {
        var large = new byte[100_000];
        _cache.Keep(Key, RecordOf(Key, 1), _cache.Changes);
        for (var i = 0; i < 500; i++) // 50 MB
        {
            var key = RecordKey.Of("large", $"{i}");
            _cache.Keep(key, new(key, large, 1), _cache.Changes);
            Assert.True(_cache.TryGet(Key, out _));
        }

        Assert.False(_cache.TryGet(RecordKey.Of("large", "0"), out _));
        Assert.InRange(Enumerable.Range(0, 500).Count(i => _cache.TryGet(RecordKey.Of("large", $"{i}"), out _)), 80, 170); // 8 to 16 MiB
    }

    [Fact(Timeout = 120_000)]
    public async Task Whoever_has_seen_a_commit_in_a_scan_sees_it_when_he_reads_too()
    {
        using var folder = new TemporaryFolder();
        await using var records = new SqliteRecordStore(new() { Path = folder.Join("records.db") });
        using var ended = new CancellationTokenSource();
        var other = RecordKey.Of("b", "1");
        var looks = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            for (; !ended.IsCancellationRequested || count == 0; count++)
            {
                var scanned = 0L;
                await foreach (var record in records.ScanAsync(RecordRange.Under("a")))
                {
                    scanned = record.Version;
                }

                var read = (await records.GetAsync(Key))?.Version ?? 0;
                Assert.True(read >= scanned, $"{scanned} was scanned, and then {read} read");
            }

            return count;
        })));
        for (var i = 0; i < 1000; i++)
        {
            var batch = new RecordBatch().Put(Key, "1"u8.ToArray(), RecordBatch.Any);
            await records.CommitAsync(i % 2 == 0 ? batch.Put(other, "1"u8.ToArray(), RecordBatch.Any) : batch.Delete(other, RecordBatch.Any));
            Assert.Equal(i % 2 == 0, await records.GetAsync(other) is not null);
        }

        await ended.CancelAsync();
        Assert.All(await looks, static count => Assert.True(count > 0));
    }

    static Record RecordOf(RecordKey key, long version) => new(key, "1"u8.ToArray(), version);
}
