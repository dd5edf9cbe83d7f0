using Sharing.Core;
using Sharing.Testing;

namespace Sharing.Tests.Records;

// Two hosts with a clock each: one that stands still is a process that hangs, or was killed.
public sealed class LeaseTests
{
    static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    readonly FaultPlan _plan = new();
    readonly FaultyRecordStore _records;
    readonly FakeTimeProvider _hereTime = new();
    readonly FakeTimeProvider _thereTime = new();
    readonly Leases _here;
    readonly Leases _there;

    public LeaseTests()
    {
        _records = new(new MemoryRecordStore(), _plan);
        (_here, _there) = (new(_records, _hereTime), new(_records, _thereTime));
    }

    [Fact]
    public async Task A_lease_that_is_held_is_refused_to_everybody_else()
    {
        await using var lease = await _here.TryAcquireAsync("work", Duration);

        Assert.NotNull(lease);
        Assert.Equal("work", lease.Name);
        Assert.Null(await _there.TryAcquireAsync("work", Duration));
        Assert.Null(await _here.TryAcquireAsync("work", Duration));
        await using var other = await _there.TryAcquireAsync("other work", Duration);
        Assert.NotNull(other);
    }

    [Fact]
    public async Task A_released_lease_is_free_at_once_and_leaves_no_records()
    {
        await using (await _here.TryAcquireAsync("work", Duration))
        {
        }

        Assert.Null(await _records.GetAsync(RecordKey.Of("lease", "work")));
        Assert.Null(await _records.GetAsync(RecordKey.Of("fence", "work")));
        await using var next = await _there.TryAcquireAsync("work", Duration);
        Assert.NotNull(next);
        Assert.Equal(2, _thereTime.Timers);
        Assert.Equal(0, _hereTime.Timers);
    }

    [Fact]
    public async Task A_lease_is_renewed_for_as_long_as_it_is_held()
    {
        await using var lease = await _here.TryAcquireAsync("work", Duration);
        for (var i = 0; i < 100; i++)
        {
            _hereTime.Advance(Duration / 4);
            _thereTime.Advance(Duration / 4);
            Assert.Null(await _there.TryAcquireAsync("work", Duration));
        }

        Assert.False(lease!.Lost.IsCancellationRequested);
        Assert.True(await CommitGuardedAsync(lease), "renewals leave the token as it was");
    }

    [Fact]
    public async Task A_lease_that_is_not_renewed_goes_to_the_next_with_a_greater_token()
    {
        var stale = await _here.TryAcquireAsync("work", Duration);
        _thereTime.Advance(Duration - TimeSpan.FromTicks(1));
        Assert.Null(await _there.TryAcquireAsync("work", Duration));
        _thereTime.Advance(TimeSpan.FromTicks(1));
        await using var next = await _there.TryAcquireAsync("work", Duration);

        Assert.NotNull(next);
        Assert.True(next.Token > stale!.Token);
    }

    [Fact]
    public async Task A_stale_holders_guarded_commit_is_refused_though_he_knows_of_nothing()
    {
        var stale = await _here.TryAcquireAsync("work", Duration);
        Assert.True(await CommitGuardedAsync(stale!));
        _thereTime.Advance(Duration);
        await using var next = await _there.TryAcquireAsync("work", Duration);

        Assert.False(stale!.Lost.IsCancellationRequested);
        Assert.False(await CommitGuardedAsync(stale));
        Assert.True(await CommitGuardedAsync(next!));
    }

    [Fact]
    public async Task A_commit_guarded_by_a_released_lease_is_refused()
    {
        var lease = await _here.TryAcquireAsync("work", Duration);
        await lease!.DisposeAsync();
        Assert.False(await CommitGuardedAsync(lease));
        Assert.True(lease.Lost.IsCancellationRequested);

        await using var next = await _here.TryAcquireAsync("work", Duration);
        Assert.False(await CommitGuardedAsync(lease));
    }

    [Fact]
    public async Task Whoever_was_overtaken_learns_it_when_he_renews_and_his_release_leaves_the_next_holder_alone()
    {
        var stale = await _here.TryAcquireAsync("work", Duration);
        _thereTime.Advance(Duration);
        await using var next = await _there.TryAcquireAsync("work", Duration);
        _hereTime.Advance(Duration / 3);

        Assert.True(stale!.Lost.IsCancellationRequested);
        await stale.DisposeAsync();
        Assert.True(await CommitGuardedAsync(next!));
        Assert.NotNull(await _records.GetAsync(RecordKey.Of("lease", "work")));
    }

    [Fact]
    public async Task Lost_fires_when_time_runs_out_without_a_renewal_wherever_the_wall_clock_is()
    {
        await using var lease = await _here.TryAcquireAsync("work", Duration);
        _plan.Add("records.commit", Fault.Failing(), times: int.MaxValue);
        _hereTime.SetWallClock(_hereTime.GetUtcNow().AddHours(-5));
        _hereTime.Advance(Duration - TimeSpan.FromTicks(1));
        Assert.False(lease!.Lost.IsCancellationRequested);
        _hereTime.Advance(TimeSpan.FromTicks(1));

        Assert.True(lease.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Lost_fires_in_time_though_the_renewal_hangs_and_disposing_does_not_hang_with_it()
    {
        var lease = await _here.TryAcquireAsync("work", Duration);
        var hangs = new TaskCompletionSource();
        _plan.Add("records.commit", Fault.After(() => hangs.Task), times: int.MaxValue);
        _hereTime.Advance(Duration);

        Assert.True(lease!.Lost.IsCancellationRequested);
        _plan.Clear();
        await lease.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        await using var next = await _there.TryAcquireAsync("work", Duration);
        Assert.NotNull(next);
    }

    [Fact]
    public async Task The_time_that_is_left_counts_from_the_last_renewal_that_worked()
    {
        await using var lease = await _here.TryAcquireAsync("work", Duration);
        _hereTime.Advance(Duration / 2); // renewed at a third
        _plan.Add("records.commit", Fault.Failing(), times: int.MaxValue);
        _hereTime.Advance((Duration * 4 / 3) - (Duration / 2) - TimeSpan.FromMilliseconds(2));
        Assert.False(lease!.Lost.IsCancellationRequested);
        _hereTime.Advance(TimeSpan.FromMilliseconds(4));

        Assert.True(lease.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task A_renewal_that_happened_though_it_ended_in_an_exception_does_not_cost_the_lease()
    {
        await using var lease = await _here.TryAcquireAsync("work", Duration);
        _plan.Add("records.commit", Fault.LosingAnswer());
        _hereTime.Advance(Duration * 5);

        Assert.Empty(_plan.Unspent);
        Assert.False(lease!.Lost.IsCancellationRequested);
        Assert.True(await CommitGuardedAsync(lease));
    }

    [Fact]
    public async Task A_clock_set_back_by_a_year_keeps_nobody_out_for_a_year()
    {
        _ = await _here.TryAcquireAsync("work", Duration);
        _thereTime.SetWallClock(_thereTime.GetUtcNow().AddMinutes(-5));
        Assert.Null(await _there.TryAcquireAsync("work", Duration));
        _thereTime.SetWallClock(_thereTime.GetUtcNow().AddYears(-1));

        await using var next = await _there.TryAcquireAsync("work", Duration);
        Assert.NotNull(next);
    }

    [Fact]
    public async Task Whoever_is_overtaken_between_looking_and_committing_does_not_get_it()
    {
        Lease? quick = null;
        _plan.Add("records.commit", Fault.After(async () => quick = await _there.TryAcquireAsync("work", Duration)));

        Assert.Null(await _here.TryAcquireAsync("work", Duration));
        Assert.NotNull(quick);
        Assert.True(await CommitGuardedAsync(quick));
        await quick.DisposeAsync();
    }

    [Fact]
    public async Task Of_many_who_want_it_at_once_just_one_gets_it()
    {
        for (var round = 0; round < 30; round++)
        {
            var leases = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => _here.TryAcquireAsync("work", Duration))));
            await Assert.Single(leases, lease => lease is not null)!.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_duration_that_makes_no_sense_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _here.TryAcquireAsync("work", TimeSpan.Zero));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _here.TryAcquireAsync("work", TimeSpan.FromDays(2)));
    }

    async Task<bool> CommitGuardedAsync(Lease lease)
    {
        var batch = new RecordBatch().Put(RecordKey.Of("result", "x"), "1"u8.ToArray(), RecordBatch.Any);
        lease.Guard(batch);
        return (await _records.CommitAsync(batch)).Committed;
    }
}
