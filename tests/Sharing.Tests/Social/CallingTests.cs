using Sharing.Social;
using Sharing.Testing;

namespace Sharing.Tests.Social;

/// <summary>Who is kept from sending, and for how long, on a clock that stands still.</summary>
public sealed class CallingTests
{
    static readonly Uri Server = new("https://dead.example/");

    readonly FakeTimeProvider _time = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_has_answered_is_away_after_three_failures_in_a_row_and_then_one_at_a_time_finds_out()
    {
        var gate = new ServerGate(_time);
        Assert.Null(await gate.EnterAsync(Server, Cancel));
        gate.Leave(Server, answered: true);
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(await gate.EnterAsync(Server, Cancel));
            gate.Leave(Server, answered: false);
        }

        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(1), await gate.EnterAsync(Server, Cancel));
        Assert.Null(await gate.EnterAsync(new("https://alive.example/"), Cancel)); // others are others
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await gate.EnterAsync(Server, Cancel)); // the one that finds out
        var second = gate.EnterAsync(Server, Cancel).AsTask();
        Assert.False(second.IsCompleted);
        gate.Leave(Server, answered: false);
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(2), await second);

        // Later and later, up to five minutes; and at once again when it answers.
        for (var i = 0; i < 12; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(5));
            Assert.Null(await gate.EnterAsync(Server, Cancel));
            gate.Leave(Server, answered: false);
        }

        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromMinutes(5), await gate.EnterAsync(Server, Cancel));
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Null(await gate.EnterAsync(Server, Cancel));
        gate.Leave(Server, answered: true);
        Assert.Null(await gate.EnterAsync(Server, Cancel));
        Assert.Null(await gate.EnterAsync(Server, Cancel));
    }

    [Fact]
    public async Task Whoever_comes_while_a_server_is_being_tried_waits_a_moment_and_no_longer()
    {
        var gate = new ServerGate(_time);
        Assert.Null(await gate.EnterAsync(Server, Cancel));
        var second = gate.EnterAsync(Server, Cancel).AsTask();
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(5), await second); // the first hangs: its lane alone waits for it
        gate.Leave(Server, answered: null); // and was given up
        Assert.Null(await gate.EnterAsync(Server, Cancel));
    }

    [Fact]
    public void Points_are_counted_in_their_windows_and_a_long_queue_is_spread_over_the_next_ones()
    {
        var budget = new RateBudget(_time, (10, TimeSpan.FromHours(1)), (25, TimeSpan.FromDays(1)));
        var began = _time.GetUtcNow();
        Assert.All(Enumerable.Range(0, 3), _ => Assert.Null(budget.Take("anna", 3)));
        var later = Enumerable.Range(0, 9).Select(_ => budget.Take("anna", 3)!.Value - began).ToArray();
        Assert.All(later, wait => Assert.True(wait > TimeSpan.FromHours(1)));
        Assert.Equal([1, 1, 1, 2, 2, 2, 3, 3, 3], later.Select(static wait => (int)wait.TotalHours));
        Assert.Null(budget.Take("ben", 3));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.All(Enumerable.Range(0, 3), _ => Assert.Null(budget.Take("anna", 3)));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.All(Enumerable.Range(0, 2), _ => Assert.Null(budget.Take("anna", 3)));
        Assert.True(budget.Take("anna", 3) > began + TimeSpan.FromHours(23)); // the day's are used up
    }

    [Fact]
    public void What_a_server_says_of_its_limit_counts_too()
    {
        var budget = new RateBudget(_time);
        Assert.Null(budget.Take("anna", 1));
        budget.Close("anna", _time.GetUtcNow() + TimeSpan.FromMinutes(5));
        budget.Close("anna", _time.GetUtcNow() + TimeSpan.FromMinutes(1));
        Assert.True(budget.Take("anna", 1) >= _time.GetUtcNow() + TimeSpan.FromMinutes(5));
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Null(budget.Take("anna", 1));
    }
}
