using Sharing.Testing;

namespace Sharing.Tests.Faults;

public sealed class InterleavingTests
{
    [Theory]
    [InlineData(1, 1, 6)] // with the step that each begins with
    [InlineData(2, 2, 20)]
    [InlineData(5, 5, 924)]
    public async Task Every_order_of_two_actors_is_tried_once(int first, int second, int orders)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var runs = await Interleaving.AllAsync(async turns =>
        {
            List<string> order = [];
            await turns.RunAsync(("a", () => ActAsync(turns, order, "a", first)), ("b", () => ActAsync(turns, order, "b", second)));
            Assert.True(seen.Add(string.Join(' ', order)));
        });
        Assert.Equal(orders, runs);
        Assert.Equal(orders, seen.Count);

        static async Task ActAsync(Interleaving turns, List<string> order, string name, int steps)
        {
            order.Add($"{name}0");
            for (var step = 1; step <= steps; step++)
            {
                await turns.StepAsync($"{name}{step}");
                order.Add($"{name}{step}");
            }
        }
    }

    [Fact]
    public async Task Of_three_actors_every_order_is_tried()
    {
        // 9! / (3! 3! 3!)
        Assert.Equal(1680, await Interleaving.AllAsync(turns => turns.RunAsync(
            ("a", () => TwiceAsync(turns)), ("b", () => TwiceAsync(turns)), ("c", () => TwiceAsync(turns)))));

        static async Task TwiceAsync(Interleaving turns)
        {
            await turns.StepAsync("1");
            await turns.StepAsync("2");
        }
    }

    [Fact]
    public async Task The_order_that_fails_is_told_and_fails_again()
    {
        var found = await Assert.ThrowsAsync<InterleavingException>(() => Interleaving.AllAsync(LostUpdateAsync));
        Assert.Contains("b: write", found.Message, StringComparison.Ordinal);
        Assert.Contains("Both must count", found.InnerException!.Message, StringComparison.Ordinal);
        var again = await Assert.ThrowsAsync<InterleavingException>(() => Interleaving.ReplayAsync(LostUpdateAsync, found.Schedule));
        Assert.Equal(found.Schedule, again.Schedule);
        await Interleaving.ReplayAsync(LostUpdateAsync, "00");

        var sampled = await Assert.ThrowsAsync<InterleavingException>(() => Interleaving.SampleAsync(LostUpdateAsync, 1000, 1));
        Assert.Equal(sampled.Schedule, (await Assert.ThrowsAsync<InterleavingException>(() => Interleaving.SampleAsync(LostUpdateAsync, 1000, 1))).Schedule);
    }

    [Fact]
    public async Task More_orders_than_allowed_are_said() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => Interleaving.AllAsync(
            turns => turns.RunAsync(("a", () => turns.StepAsync("1")), ("b", () => turns.StepAsync("1"))), most: 5));

    [Fact]
    public async Task What_an_actor_throws_fails_the_run_and_ends_the_others()
    {
        var ended = false;
        var fault = await Assert.ThrowsAsync<InterleavingException>(() => Interleaving.AllAsync(turns => turns.RunAsync(
            ("bad", () => throw new InvalidOperationException("bad")), ("other", OtherAsync))));
        Assert.Equal("bad", fault.InnerException!.Message);
        Assert.False(ended);

        Task OtherAsync()
        {
            ended = true;
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task An_actor_who_waits_for_the_other_is_named()
    {
        var fault = await Assert.ThrowsAsync<InterleavingException>(() => Interleaving.AllAsync(async turns =>
        {
            using var one = new SemaphoreSlim(1);
            await turns.RunAsync(("a", HoldAsync), ("b", HoldAsync));

            async Task HoldAsync()
            {
                await one.WaitAsync(TestContext.Current.CancellationToken);
                await turns.StepAsync("inside");
                one.Release();
            }
        }));
        Assert.Contains("waits for something", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_of_an_actor_a_step_is_nothing() =>
        await Interleaving.AllAsync(turns => turns.StepAsync("nothing"));

    static async Task LostUpdateAsync(Interleaving turns)
    {
        var count = 0;
        await turns.RunAsync(("a", AddAsync), ("b", AddAsync));
        Assert.True(count == 2, "Both must count.");

        async Task AddAsync()
        {
            var seen = count;
            await turns.StepAsync("write");
            count = seen + 1;
        }
    }
}
