using Sharing.Testing;

namespace Sharing.Tests;

public sealed class FakeTimeProviderTests
{
    readonly FakeTimeProvider _time = new();

    [Fact]
    public void Time_stands_still_until_it_is_moved()
    {
        var (now, stamp) = (_time.GetUtcNow(), _time.GetTimestamp());
        _time.Advance(TimeSpan.FromSeconds(90));

        Assert.Equal(TimeSpan.FromSeconds(90), _time.GetUtcNow() - now);
        Assert.Equal(TimeSpan.FromSeconds(90), _time.GetElapsedTime(stamp));
    }

    [Fact]
    public void Timers_fire_in_the_order_they_are_due_each_at_its_time()
    {
        List<(string, double)> fired = [];
        var start = _time.GetTimestamp();
        void Fire(object? name) => fired.Add(((string)name!, _time.GetElapsedTime(start).TotalSeconds));
        using var late = _time.CreateTimer(Fire, "late", TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);
        using var often = _time.CreateTimer(Fire, "often", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        using var never = _time.CreateTimer(Fire, "never", Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Assert.Equal(2, _time.Timers);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal([("often", 1), ("late", 3), ("often", 3), ("often", 5)], fired);
        Assert.Equal(1, _time.Timers);
    }

    [Fact]
    public void A_timer_that_was_disposed_or_set_anew_does_not_fire_as_before()
    {
        var fired = 0;
        var timer = _time.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        Assert.True(timer.Change(TimeSpan.FromSeconds(10), Timeout.InfiniteTimeSpan));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0, fired);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, fired);

        timer.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        timer.Dispose();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, fired);
        Assert.False(timer.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public async Task A_delay_ends_when_time_was_moved_far_enough()
    {
        var delay = Task.Delay(TimeSpan.FromMinutes(1), _time);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(delay.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        await delay.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_timer_due_at_once_fires_without_moving_time()
    {
        var fired = new TaskCompletionSource();
        await using var timer = _time.CreateTimer(_ => fired.SetResult(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        await fired.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Setting_the_wall_clock_moves_neither_timestamps_nor_timers()
    {
        var fired = 0;
        using var timer = _time.CreateTimer(_ => fired++, null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        var stamp = _time.GetTimestamp();
        var then = new DateTimeOffset(2040, 5, 6, 7, 8, 9, TimeSpan.FromHours(2));
        _time.SetWallClock(then);

        Assert.Equal(then, _time.GetUtcNow());
        Assert.Equal(stamp, _time.GetTimestamp());
        Assert.Equal(0, fired);
    }
}
