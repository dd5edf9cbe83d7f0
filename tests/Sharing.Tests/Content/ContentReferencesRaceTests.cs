using Sharing.Core;
using Sharing.Testing;
using Sharing.Trials.Races;

namespace Sharing.Tests.Content;

/// <summary>Writers against the sweep: whoever was told "committed" finds his bytes, always.</summary>
public sealed class ContentReferencesRaceTests : ContentReferencesFixture
{
    /// <summary>A writer's steps come in at every points of four sweeps a day apart, and at every call of one.</summary>
    [Theory]
    [InlineData("Nothing")]
    [InlineData("Orphan")]
    [InlineData("CondemnedLongAgo")]
    public async Task A_writer_who_sleeps_between_any_steps_of_sweeps_loses_nothing(string beginning)
    {
        var (began, committed) = (Enum.Parse<ReferenceCourse.Beginning>(beginning), 0);
        var orders = await Interleaving.AllAsync(turns => ReferenceCourse.WriterAndSweepsAsync(turns, began, sweeps: 4, everyCall: false, () => committed++));
        orders += await Interleaving.AllAsync(turns => ReferenceCourse.WriterAndSweepsAsync(turns, began, sweeps: 1, everyCall: true));
        TestContext.Current.TestOutputHelper?.WriteLine($"{orders} orders");
        Assert.True(committed > 20, $"The writer got through {committed} times only.");
    }

    [Fact]
    public async Task The_last_reference_may_go_while_another_is_made_and_the_sweep_runs()
    {
        var orders = await Interleaving.AllAsync(turns => ReferenceCourse.RemoverWriterAndSweepsAsync(turns, sweeps: 1));
        TestContext.Current.TestOutputHelper?.WriteLine($"{orders} orders");
    }

    [Fact]
    public async Task A_sweep_whose_lease_is_taken_over_at_any_moment_changes_no_record_from_there_on()
    {
        var orders = await Interleaving.AllAsync(static turns => ReferenceCourse.LostLeaseAsync(turns));
        TestContext.Current.TestOutputHelper?.WriteLine($"{orders} orders");
    }

    [Fact(Timeout = 120_000)]
    public async Task Writers_and_a_sweep_without_grace_race_and_whoever_holds_a_reference_has_the_bytes()
    {
        const int Writers = 4;
        const int Contents = 12;
        var options = new SweepOptions { Grace = TimeSpan.Zero, AtLeast = int.MaxValue };
        Plan.Visit = async _ => await Task.Yield();
        using var stop = new CancellationTokenSource();
        var deleted = 0;
        var sweeping = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                Clock.Pass(Tick);
                deleted += (await SweepAsync(options)).Deleted;
            }
        });

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var random = new Random(writer);
            for (var i = 0; i < 500; i++)
            {
                var n = random.Next(1, Contents + 1);
                var owner = $"{writer}/{i}";
                while (!await AddAsync(n, owner))
                {
                    await PublishAsync(n);
                }

                Assert.True(await IsStoredAsync(n), $"Writer {writer}, round {i}: the bytes are not there.");
                await Task.Yield();
                Assert.True(await IsStoredAsync(n), $"Writer {writer}, round {i}: the bytes went.");
                await RemoveAsync(n, owner);
            }
        })));

        await stop.CancelAsync();
        await sweeping;
        Assert.True(deleted > 20, $"Only {deleted} deletions: no race.");
        Clock.Pass(Tick);
        await SweepAsync(options);
        Clock.Pass(Tick);
        await SweepAsync(options);
        Assert.Equal(0, await CountAsync("content"));
        Assert.Equal(0, await CountAsync("reference"));
        Assert.Empty(await Store.ListAsync().ToListAsync());
    }
}
