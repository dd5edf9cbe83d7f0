using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Sharing.Core;
using Sharing.Testing;

namespace Sharing.Tests.Records;

public sealed class WorkQueueTests
{
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    readonly FaultPlan _plan = new();
    readonly FaultyRecordStore _records;
    readonly FakeTimeProvider _time = new();
    readonly WorkQueue _queue;

    public WorkQueueTests()
    {
        _records = new(new MemoryRecordStore(), _plan);
        _queue = new(_records, _time, "outbox");
    }

    [Fact]
    public async Task An_item_is_claimed_when_it_is_due_and_not_before()
    {
        await ScheduleAsync("a", Minute, """{"to":"Zoë"}""");
        Assert.Null(await _queue.ClaimAsync(Minute));
        _time.Advance(Minute - TimeSpan.FromTicks(1));
        Assert.Null(await _queue.ClaimAsync(Minute));
        _time.Advance(TimeSpan.FromTicks(1));

        var item = await _queue.ClaimAsync(Minute);
        Assert.NotNull(item);
        Assert.Equal("a", item.Id);
        Assert.Equal(1, item.Attempts);
        Assert.Equal("Zoë", item.Payload.GetProperty("to").GetString());
        Assert.Null(await _queue.ClaimAsync(Minute));
    }

    [Fact]
    public async Task A_due_time_between_two_milliseconds_is_never_early()
    {
        var due = _time.GetUtcNow().AddTicks(5);
        await ScheduleAsync("a", TimeSpan.FromTicks(5));
        Assert.True(await _queue.NextDueAsync() >= due);
        Assert.Null(await _queue.ClaimAsync(Minute));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.NotNull(await _queue.ClaimAsync(Minute));
    }

    [Fact]
    public async Task The_item_that_has_been_due_longest_comes_first()
    {
        string[] ids = ["c", "a", "d", "b"];
        for (var i = 0; i < ids.Length; i++)
        {
            await ScheduleAsync(ids[i], TimeSpan.FromSeconds(i));
        }

        _time.Advance(Minute);
        foreach (var id in ids)
        {
            Assert.Equal(id, await ClaimIdAsync());
        }

        Assert.Null(await ClaimIdAsync());
    }

    [Fact]
    public async Task A_schedule_that_is_not_committed_is_none_and_one_that_is_comes_with_the_rest_of_the_commit()
    {
        var batch = new RecordBatch().Put(RecordKey.Of("post", "1"), "{}"u8.ToArray(), RecordBatch.Absent);
        await _queue.ScheduleAsync(batch, "a", _time.GetUtcNow(), Json("1"));
        Assert.Null(await _queue.ClaimAsync(Minute));

        Assert.True((await _records.CommitAsync(batch)).Committed);
        Assert.NotNull(await _records.GetAsync(RecordKey.Of("post", "1")));
        Assert.NotNull(await _queue.ClaimAsync(Minute));
    }

    [Fact]
    public async Task An_item_claimed_and_forgotten_comes_back_after_its_visibility_and_counts_the_attempts()
    {
        await ScheduleAsync("a", TimeSpan.Zero);
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            var item = await _queue.ClaimAsync(Minute);
            Assert.Equal(attempt, item?.Attempts);
            Assert.Equal(_time.GetUtcNow() + Minute, item?.VisibleAgain);
            Assert.Equal(_time.GetUtcNow() + Minute, await _queue.NextDueAsync());
            _time.Advance(Minute - TimeSpan.FromTicks(1));
            Assert.Null(await _queue.ClaimAsync(Minute));
            _time.Advance(TimeSpan.FromTicks(1));
        }
    }

    [Fact]
    public async Task A_completed_item_is_gone_and_leaves_no_records()
    {
        await ScheduleAsync("a", TimeSpan.Zero);
        var item = await _queue.ClaimAsync(Minute);
        Assert.True(await CommitAsync(item!.Complete));
        _time.Advance(Minute * 2);

        Assert.Null(await _queue.ClaimAsync(Minute));
        Assert.Null(await _queue.NextDueAsync());
        Assert.Equal(0, await CountAsync("work"));
        Assert.Equal(0, await CountAsync("work-due"));
    }

    [Fact]
    public async Task Of_two_who_claim_at_once_one_gets_the_item_and_the_other_the_next()
    {
        await ScheduleAsync("a", TimeSpan.Zero);
        await ScheduleAsync("b", TimeSpan.FromMilliseconds(1));
        _time.Advance(Minute);
        string? quick = null;
        _plan.Add("records.commit", Fault.After(async () => quick = await ClaimIdAsync()));

        Assert.Equal("a", await ClaimIdAsync());
        Assert.Equal("b", quick);
        Assert.Equal(2, _plan.CountOf("records.commit") - 2); // two schedules, two claims, nobody in vain
    }

    [Fact]
    public async Task Of_two_processes_that_claim_at_once_the_slower_takes_the_next()
    {
        await ScheduleAsync("a", TimeSpan.Zero);
        await ScheduleAsync("b", TimeSpan.FromMilliseconds(1));
        _time.Advance(Minute);
        string? quick = null;
        _plan.Add("records.commit", Fault.After(async () => quick = (await new WorkQueue(_records, _time, "outbox").ClaimAsync(Minute))?.Id));

        Assert.Equal("b", await ClaimIdAsync());
        Assert.Equal("a", quick);
    }

    [Fact(Timeout = 60_000)]
    public async Task Many_workers_of_one_process_share_a_look_and_never_want_the_same()
    {
        const int Items = 1000, Workers = 32;
        for (var i = 0; i < Items; i++)
        {
            await ScheduleAsync($"item {i:D4}", TimeSpan.FromMilliseconds(i));
        }

        _time.Advance(Minute);
        var claimed = new ConcurrentBag<string>();
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(async () =>
        {
            while (await ClaimIdAsync() is { } id)
            {
                claimed.Add(id);
            }
        })));
        while (await ClaimIdAsync() is { } id)
        {
            claimed.Add(id); // that others were just trying
        }

        Assert.Equal(Items, claimed.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Items, claimed.Count);
        Assert.Equal(Items, _plan.CountOf("records.commit") - Items);
        Assert.InRange(_plan.CountOf("records.scan"), 1, Items / 4); // each for himself: one for each claim at least
    }

    [Fact(Timeout = 60_000)]
    public async Task Whoever_shares_a_look_that_is_older_than_some_work_finds_that_work_all_the_same()
    {
        var held = new HeldScans(_records);
        var queue = new WorkQueue(held, _time, "outbox");
        var first = queue.ClaimAsync(Minute);
        await held.Scanned.Task; // there was nothing
        await ScheduleAsync("a", TimeSpan.Zero);
        var second = queue.ClaimAsync(Minute);
        held.Goes.SetResult();

        Assert.Equal("a", ((await first) ?? (await second))?.Id);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_worker_writes_down_before_he_begins_stands_in_the_commit_that_claims()
    {
        var key = RecordKey.Of("post", "1");
        await ScheduleAsync("a", TimeSpan.Zero);
        Assert.Null(await _queue.ClaimAsync(Minute, (_, batch) => Begin(batch.Check(key, 99))));
        Assert.Null(await _records.GetAsync(key));
        var item = await _queue.ClaimAsync(Minute, (id, batch) => Begin(batch.Put(key, Encoding.UTF8.GetBytes($"\"{id}\""), RecordBatch.Absent)));

        Assert.Equal(1, item!.Attempts); // the claim that failed was none
        var written = await _records.GetAsync(key);
        Assert.Equal("\"a\"", Encoding.UTF8.GetString(written!.Json.Span));
        Assert.Equal(item.Version, written.Version);

        static ValueTask Begin(RecordBatch _) => default;
    }

    [Fact(Timeout = 60_000)]
    public async Task A_worker_who_fails_before_he_begins_leaves_the_item_to_the_next()
    {
        await ScheduleAsync("a", TimeSpan.Zero);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _queue.ClaimAsync(Minute, static (_, _) => throw new InvalidOperationException()));
        Assert.Equal("a", await ClaimIdAsync());
    }

    [Fact]
    public async Task A_worker_whose_item_was_claimed_by_another_can_neither_complete_nor_retry_it()
    {
        await ScheduleAsync("a", TimeSpan.Zero);
        var slow = await _queue.ClaimAsync(Minute);
        _time.Advance(Minute);
        Assert.True(await WouldCommitAsync(slow!.Complete), "as long as nobody else claimed it, late is not too late");
        var quick = await _queue.ClaimAsync(Minute);

        Assert.False(await CommitAsync(slow.Complete));
        Assert.False(await CommitAsync(batch => slow.Retry(batch, _time.GetUtcNow())));
        Assert.True(await CommitAsync(quick!.Complete));
        Assert.False(await CommitAsync(quick.Complete));
    }

    [Fact]
    public async Task A_schedule_supersedes_the_item_of_that_id_and_whoever_works_on_it()
    {
        await ScheduleAsync("a", TimeSpan.Zero, "1");
        var old = await _queue.ClaimAsync(Minute);
        await ScheduleAsync("a", Minute * 10, "2");

        Assert.False(await CommitAsync(old!.Complete));
        Assert.Equal(1, await CountAsync("work"));
        Assert.Equal(1, await CountAsync("work-due"));
        _time.Advance(Minute * 9);
        Assert.Null(await _queue.ClaimAsync(Minute));
        _time.Advance(Minute);
        var item = await _queue.ClaimAsync(Minute);
        Assert.Equal(2, item!.Payload.GetInt32());
        Assert.Equal(1, item.Attempts);
    }

    [Fact]
    public async Task Scheduling_again_for_the_same_time_makes_one_item()
    {
        await ScheduleAsync("a", Minute, "1");
        await ScheduleAsync("a", Minute, "2");
        _time.Advance(Minute);

        Assert.Equal(2, (await _queue.ClaimAsync(Minute))!.Payload.GetInt32());
        Assert.Null(await _queue.ClaimAsync(Minute));
        Assert.Equal(1, await CountAsync("work-due"));
    }

    [Fact]
    public async Task Two_who_schedule_the_same_item_at_once_conflict()
    {
        var (first, second) = (new RecordBatch(), new RecordBatch());
        await _queue.ScheduleAsync(first, "a", _time.GetUtcNow(), Json("1"));
        await _queue.ScheduleAsync(second, "a", _time.GetUtcNow() + Minute, Json("2"));

        Assert.True((await _records.CommitAsync(first)).Committed);
        Assert.False((await _records.CommitAsync(second)).Committed);
    }

    [Fact]
    public async Task A_retry_keeps_the_attempts_and_waits_for_its_time()
    {
        await ScheduleAsync("a", TimeSpan.Zero, "7");
        var item = await _queue.ClaimAsync(Minute);
        Assert.True(await CommitAsync(batch => item!.Retry(batch, _time.GetUtcNow() + (Minute * 5))));
        _time.Advance(Minute * 4);
        Assert.Null(await _queue.ClaimAsync(Minute));
        _time.Advance(Minute);

        var again = await _queue.ClaimAsync(Minute);
        Assert.Equal(2, again?.Attempts);
        Assert.Equal(7, again?.Payload.GetInt32());
        Assert.True(await CommitAsync(batch => again!.Retry(batch, again.VisibleAgain)));
        Assert.Equal(1, await CountAsync("work-due"));
    }

    [Fact]
    public async Task Queues_keep_apart_whatever_their_names_and_ids()
    {
        string[] names = ["outbox", "outbox/x", "out", "outbox-2", "Zoë 🎈"];
        var queues = names.Select(name => new WorkQueue(_records, _time, name)).ToList();
        foreach (var queue in queues)
        {
            var batch = new RecordBatch();
            await queue.ScheduleAsync(batch, "x/y %", _time.GetUtcNow(), Json("1"));
            Assert.True((await _records.CommitAsync(batch)).Committed);
        }

        foreach (var queue in queues)
        {
            Assert.Equal("x/y %", (await queue.ClaimAsync(Minute))?.Id);
            Assert.Null(await queue.ClaimAsync(Minute));
        }
    }

    [Fact]
    public async Task The_ends_of_time_are_due_times_too()
    {
        await ScheduleAtAsync("never", DateTimeOffset.MaxValue);
        await ScheduleAtAsync("ever", DateTimeOffset.MinValue);

        Assert.Equal(DateTimeOffset.UnixEpoch, await _queue.NextDueAsync());
        Assert.Equal("ever", await ClaimIdAsync());
        Assert.Null(await ClaimIdAsync());
    }

    static JsonElement Json(string json) => JsonElement.Parse(json);

    Task ScheduleAsync(string id, TimeSpan from, string payload = "1") => ScheduleAtAsync(id, _time.GetUtcNow() + from, payload);

    async Task ScheduleAtAsync(string id, DateTimeOffset due, string payload = "1")
    {
        var batch = new RecordBatch();
        await _queue.ScheduleAsync(batch, id, due, Json(payload));
        Assert.True((await _records.CommitAsync(batch)).Committed);
    }

    async Task<string?> ClaimIdAsync() => (await _queue.ClaimAsync(Minute))?.Id;

    async Task<bool> CommitAsync(Action<RecordBatch> change)
    {
        var batch = new RecordBatch();
        change(batch);
        return (await _records.CommitAsync(batch)).Committed;
    }

    // Only looks.
    async Task<bool> WouldCommitAsync(Action<RecordBatch> change)
    {
        var batch = new RecordBatch();
        change(batch);
        var check = new RecordBatch();
        foreach (var item in batch.Changes)
        {
            check.Check(item.Key, item.Expected);
        }

        return (await _records.CommitAsync(check)).Committed;
    }

    async Task<int> CountAsync(string kind)
    {
        var count = 0;
        await foreach (var _ in _records.ScanAsync(RecordRange.Under(kind)))
        {
            count++;
        }

        return count;
    }

    /// <summary>Records whose scans have seen all that they will see, and wait before they say it.</summary>
    sealed class HeldScans(IRecordStore records) : IRecordStore
    {
        public TaskCompletionSource Scanned { get; } = new();

        public TaskCompletionSource Goes { get; } = new();

        public ValueTask<Record?> GetAsync(RecordKey key, CancellationToken cancellationToken = default) => records.GetAsync(key, cancellationToken);

        public ValueTask<CommitOutcome> CommitAsync(RecordBatch batch, CancellationToken cancellationToken = default) => records.CommitAsync(batch, cancellationToken);

        public async IAsyncEnumerable<Record> ScanAsync(RecordRange range, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            List<Record> seen = [];
            await foreach (var record in records.ScanAsync(range, cancellationToken))
            {
                seen.Add(record);
            }

            Scanned.TrySetResult();
            await Goes.Task.WaitAsync(cancellationToken);
            foreach (var record in seen)
            {
                yield return record;
            }
        }
    }
}
