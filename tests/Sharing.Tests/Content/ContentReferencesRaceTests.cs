using Sharing.Core;

namespace Sharing.Tests.Content;

/// <summary>Writers against the sweep: whoever was told "committed" finds his bytes, always.</summary>
public sealed class ContentReferencesRaceTests : ContentReferencesFixture
{
    // More than there ever are: what comes later does not happen.
    const int Points = 16;

    bool _committed;

    public enum Beginning
    {
        Nothing,
        Orphan,
        CondemnedLongAgo,
    }

    /// <summary>A writer's steps (publish, build the batch, commit) come in at every three points of four sweeps a day apart.</summary>
    [Theory]
    [InlineData(Beginning.Nothing)]
    [InlineData(Beginning.Orphan)]
    [InlineData(Beginning.CondemnedLongAgo)]
    public async Task A_writer_who_sleeps_between_any_steps_of_sweeps_loses_nothing(Beginning beginning)
    {
        var committed = 0;
        for (var publish = 0; publish <= Points; publish++)
        {
            for (var build = publish; build <= Points; build++)
            {
                for (var commit = build; commit <= Points; commit++)
                {
                    var test = new ContentReferencesRaceTests();
                    await test.RunAsync(beginning, publish, build, commit);
                    committed += test._committed ? 1 : 0;
                }
            }
        }

        Assert.True(committed > 20, $"The writer got through {committed} times only.");
    }


    async Task RunAsync(Beginning beginning, int publish, int build, int commit)
    {
        switch (beginning)
        {
            case Beginning.Orphan:
                await PublishAsync(1);
                break;
            case Beginning.CondemnedLongAgo:
                await PublishAndAddAsync(1, "earlier");
                await RemoveAsync(1, "earlier");
                break;
        }

        var (point, inside) = (0, false);
        RecordBatch? batch = null;
        Both.Between = async _ =>
        {
            if (!inside)
            {
                inside = true;
                await StepAsync(point++);
                inside = false;
            }
        };
        for (var day = 0; day < 4; day++)
        {
            await Both.Between("sweep");
            await SweepNextDayAsync();
        }

        await Both.Between("end");
        Both.Between = _ => Task.CompletedTask;
        await SweepNextDayAsync();
        await SweepNextDayAsync();
        if (_committed)
        {
            Assert.True(await IsStoredAsync(1), $"Lost: {beginning}, {publish}, {build}, {commit}.");
            Assert.Contains("live", await RecordOfAsync(1), StringComparison.Ordinal);
        }
        else
        {
            Assert.False(await IsStoredAsync(1));
            Assert.Null(await RecordOfAsync(1));
        }

        async Task StepAsync(int now)
        {
            if (now == publish)
            {
                await PublishAsync(1);
            }

            if (now == build && new RecordBatch() is var fresh && await References.AddAsync(fresh, Info(1), "a"))
            {
                batch = fresh;
            }

            if (now == commit && batch is not null)
            {
                _committed = (await Both.CommitAsync(batch)).Committed;
            }
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Writers_and_a_sweep_without_grace_race_and_whoever_holds_a_reference_has_the_bytes()
    {
        const int Writers = 4;
        const int Contents = 12;
        var options = new SweepOptions { Grace = TimeSpan.Zero, AtLeast = int.MaxValue };
        Both.Between = async _ => await Task.Yield();
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
        Assert.Empty(await Both.ListAsync().ToListAsync());
    }
}
