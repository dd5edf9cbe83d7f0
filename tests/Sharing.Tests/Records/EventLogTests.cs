using System.Text.Json;
using Sharing.Core;

namespace Sharing.Tests.Records;

public sealed class EventLogTests
{
    readonly MemoryRecordStore _records = new();
    readonly EventLog _log;

    public EventLogTests() => _log = new(_records, "feed");

    [Fact]
    public async Task Entries_are_numbered_from_one_and_read_after_a_number()
    {
        await AppendAsync(5);

        Assert.Equal([(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)], await ReadAsync(0));
        Assert.Equal([(4, 4), (5, 5)], await ReadAsync(3));
        Assert.Empty(await ReadAsync(5));
        Assert.Equal(5, await _log.LastAsync());
    }

    [Fact]
    public async Task A_log_nobody_wrote_to_is_empty()
    {
        Assert.Empty(await ReadAsync(0));
        Assert.Equal(0, await _log.LastAsync());
        await _log.TrimAsync(10);
        Assert.Empty(await ReadAsync(0));
    }

    [Fact]
    public async Task An_entry_appears_with_the_rest_of_its_commit_or_not_at_all()
    {
        var batch = new RecordBatch().Put(RecordKey.Of("post", "1"), "{}"u8.ToArray(), RecordBatch.Absent);
        Assert.Equal(1, await _log.AppendAsync(batch, Json(1)));
        Assert.Equal(0, await _log.LastAsync());
        Assert.True((await _records.CommitAsync(batch)).Committed);

        var refused = new RecordBatch().Put(RecordKey.Of("post", "1"), "{}"u8.ToArray(), RecordBatch.Absent);
        Assert.Equal(2, await _log.AppendAsync(refused, Json(2)));
        Assert.False((await _records.CommitAsync(refused)).Committed);
        Assert.Equal([(1, 1)], await ReadAsync(0));
    }

    [Fact]
    public async Task Two_who_append_at_once_conflict_so_that_no_number_is_given_twice()
    {
        var (first, second) = (new RecordBatch(), new RecordBatch());
        await _log.AppendAsync(first, Json(1));
        await _log.AppendAsync(second, Json(2));

        Assert.True((await _records.CommitAsync(first)).Committed);
        Assert.False((await _records.CommitAsync(second)).Committed);
    }

    [Fact(Timeout = 60_000)]
    public async Task Many_writers_leave_no_gap_and_readers_meanwhile_see_none()
    {
        var writers = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => AppendAsync(25))));
        long after = 0;
        while (after < 200)
        {
            foreach (var (number, _) in await ReadAsync(after))
            {
                Assert.Equal(++after, number);
            }

            await Task.Yield();
        }

        await writers;
        Assert.Equal(200, await _log.LastAsync());
    }

    [Fact]
    public async Task After_a_trim_numbers_go_on_and_whoever_is_behind_is_told()
    {
        await AppendAsync(250);
        await _log.TrimAsync(220);
        await AppendAsync(1);

        Assert.Equal(Enumerable.Range(221, 31), (await ReadAsync(220)).Select(entry => (int)entry.Number));
        Assert.Equal(ProblemCodes.RangeNotSatisfiable, (await Assert.ThrowsAsync<SharingException>(() => ReadAsync(219))).Code);
        Assert.Equal(ProblemCodes.RangeNotSatisfiable, (await Assert.ThrowsAsync<SharingException>(() => ReadAsync(0))).Code);
        Assert.Equal(31, await KeptAsync());
    }

    [Fact]
    public async Task Trimming_everything_and_trimming_less_than_before_leave_the_numbers_alone()
    {
        await AppendAsync(3);
        await _log.TrimAsync(long.MaxValue);
        await _log.TrimAsync(1);
        Assert.Empty(await ReadAsync(3));
        Assert.Equal(0, await KeptAsync());
        await AppendAsync(1);

        Assert.Equal(4, (await ReadAsync(3)).Single().Number);
        await Assert.ThrowsAsync<SharingException>(() => ReadAsync(2));
    }

    [Fact]
    public async Task A_number_that_the_log_never_reached_is_told_too()
    {
        await AppendAsync(3);

        Assert.Equal(ProblemCodes.RangeNotSatisfiable, (await Assert.ThrowsAsync<SharingException>(() => ReadAsync(4))).Code);
    }

    [Fact]
    public async Task A_trim_in_the_middle_of_a_read_is_told_rather_than_a_gap_read()
    {
        // A store that, like a database, reads a scan in pieces.
        var log = new EventLog(new PagingStore(_records), "feed");
        await AppendAsync(20);
        List<long> read = [];
        var told = await Assert.ThrowsAsync<SharingException>(async () =>
        {
            await foreach (var entry in log.ReadAsync(0))
            {
                read.Add(entry.Number);
                if (read.Count == 5)
                {
                    await _log.TrimAsync(10);
                }
            }
        });

        Assert.Equal(ProblemCodes.RangeNotSatisfiable, told.Code);
        Assert.Equal(Enumerable.Range(1, 5).Select(n => (long)n), read);

        read.Clear();
        await Assert.ThrowsAsync<SharingException>(async () =>
        {
            await foreach (var entry in log.ReadAsync(10))
            {
                read.Add(entry.Number);
                await _log.TrimAsync(20);
            }
        });
        Assert.Equal([11], read);
    }

    [Fact]
    public async Task What_a_trim_that_was_cut_short_left_over_is_not_read_and_goes_with_the_next()
    {
        await AppendAsync(10);
        var key = RecordKey.Of("log", "feed", RecordKey.Number(5));
        var leftOver = (await _records.GetAsync(key))!;
        await _log.TrimAsync(5);
        await _records.CommitAsync(new RecordBatch().Put(key, leftOver.Json, RecordBatch.Absent));

        await Assert.ThrowsAsync<SharingException>(() => ReadAsync(4));
        Assert.Equal(5, (await ReadAsync(5)).Count);
        await _log.TrimAsync(5);
        Assert.Equal(5, await KeptAsync());
    }

    [Fact]
    public async Task Logs_keep_apart()
    {
        await AppendAsync(2);
        var other = new EventLog(_records, "feed/x");
        var batch = new RecordBatch();
        await other.AppendAsync(batch, Json(9));
        await _log.AppendAsync(batch, Json(3));
        Assert.True((await _records.CommitAsync(batch)).Committed);

        Assert.Equal(1, await other.LastAsync());
        Assert.Equal(3, await _log.LastAsync());
    }

    static JsonElement Json(int number) => JsonElement.Parse(RecordKey.Number(number).TrimStart('0'));

    async Task AppendAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _records.ChangeAsync(async batch =>
            {
                await _log.AppendAsync(batch, Json((int)await _log.LastAsync() + 1));
                return true;
            });
        }
    }

    async Task<List<(long Number, int Value)>> ReadAsync(long after)
    {
        List<(long, int)> entries = [];
        await foreach (var entry in _log.ReadAsync(after))
        {
            entries.Add((entry.Number, entry.Payload.GetInt32()));
        }

        return entries;
    }

    async Task<int> KeptAsync()
    {
        var kept = 0;
        await foreach (var _ in _records.ScanAsync(RecordRange.Under("log", "feed")))
        {
            kept++;
        }

        return kept;
    }

    sealed class PagingStore(IRecordStore inner) : IRecordStore
    {
        public ValueTask<Record?> GetAsync(RecordKey key, CancellationToken cancellationToken = default) => inner.GetAsync(key, cancellationToken);

        public ValueTask<CommitOutcome> CommitAsync(RecordBatch batch, CancellationToken cancellationToken = default) =>
            inner.CommitAsync(batch, cancellationToken);

        public async IAsyncEnumerable<Record> ScanAsync(
            RecordRange range, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            while (true)
            {
                Record? next = null;
                await foreach (var record in inner.ScanAsync(range, cancellationToken))
                {
                    next = record;
                    break;
                }

                if (next is null)
                {
                    yield break;
                }

                yield return next;
                range = range.After(next.Key);
            }
        }
    }
}
