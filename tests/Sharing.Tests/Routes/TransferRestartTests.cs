using Sharing.Core;
using Sharing.Trials.Scripted;
using static Sharing.Trials.Scripted.Samples;

namespace Sharing.Tests.Routes;

[Trait("Row", "R7")]
public sealed class TransferRestartTests
{
    [Theory]
    [InlineData(1)]
    [InlineData((5 * Group) + 77)]
    [InlineData(9 * Group)]
    public async Task A_stopped_transfer_goes_on_where_it_was(int at)
    {
        var bench = new TransferBench();
        var bytes = Random(1, 10 * Group);
        var origin = new ScriptedOrigin(bytes) { Before = Scripts.StallAt(at) };
        await using (var transfer = await bench.StartAsync(origin))
        {
            await TransferLandingTests.UntilAsync(() => origin.Delivered >= at / origin.Piece * origin.Piece);
        }

        origin.Before = null;
        var before = origin.Delivered;
        Assert.Equal(bytes, await bench.RunAsync(origin));
        Assert.InRange(origin.Delivered - before, bytes.Length - (at / Group * Group), bytes.Length - (at / Group * Group) + Group);
    }

    [Fact]
    public async Task One_transfer_runs_under_a_key_at_a_time()
    {
        var bench = new TransferBench();
        var origin = new ScriptedOrigin(Random(1, Group)) { Before = Scripts.StallAt(0) };
        await using var transfer = await bench.StartAsync(origin);
        Assert.Equal(ProblemCodes.Conflict, (await Assert.ThrowsAsync<SharingException>(() => bench.StartAsync(origin))).Code);
    }

    [Fact]
    public async Task Without_a_validator_a_restart_begins_anew()
    {
        var bench = new TransferBench();
        var (old, now) = (Random(1, 10 * Group), Random(2, 10 * Group));
        var origin = new ScriptedOrigin(old, null) { Before = Scripts.StallAt(6 * Group) };
        await using (var transfer = await bench.StartAsync(origin))
        {
            await TransferLandingTests.UntilAsync(() => origin.Delivered >= 6 * Group);
        }

        origin.Before = null;
        origin.Change(now, null);
        Assert.Equal(now, await bench.RunAsync(origin));
    }

    [Fact]
    public async Task A_finished_transfer_answers_again_without_fetching()
    {
        var bench = new TransferBench();
        var origin = new ScriptedOrigin(Random(1, 3 * Group));
        await bench.RunAsync(origin);
        Assert.Equal(origin.Current.Bytes, await bench.RunAsync(origin));
        Assert.Single(origin.Asked);
    }

    [Fact]
    public async Task A_finished_content_that_was_deleted_before_it_was_referred_to_is_fetched_again()
    {
        var bench = new TransferBench();
        var origin = new ScriptedOrigin(Random(1, 3 * Group));
        var bytes = await bench.RunAsync(origin);
        await bench.Store.DeleteAsync(IdOf(bytes));
        Assert.Equal(bytes, await bench.RunAsync(origin));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(Group)]
    [InlineData(5 * Group)]
    [InlineData((11 * Group) + 3)]
    public async Task The_power_may_fail_at_every_step_and_the_version_is_never_spliced(int length)
    {
        var (old, now) = (Random(1, length), Random(2, length));
        for (var step = 1; ; step++)
        {
            var stores = new FragileStores(new Random(step));
            var bench = new TransferBench(stores, stores);
            var origin = new ScriptedOrigin(old);
            stores.CutAfter(step);
            var finished = await RunThroughAsync(bench, origin);
            if (!stores.IsOff)
            {
                Assert.Equal(old, finished);
                return;
            }

            stores.Restart();
            if (step % 2 == 0)
            {
                origin.Change(now, "\"2\"");
            }

            // What was fetched before the change may have been complete.
            Assert.Contains(await bench.RunAsync(origin), new[] { old, origin.Current.Bytes });
        }
    }

    [Fact]
    public async Task The_power_may_fail_at_every_step_of_a_change_of_version_and_the_old_bytes_do_not_come_back()
    {
        var (old, now) = (Random(1, 6 * Group), Random(2, 6 * Group));
        for (var (step, cut) = (0, true); cut; step++)
        {
            var stores = new FragileStores(new Random(step));
            var bench = new TransferBench(stores, stores);
            var origin = new ScriptedOrigin(old) { Before = Scripts.StallAt(5 * Group) };
            await using (var transfer = await bench.StartAsync(origin))
            {
                await TransferLandingTests.UntilAsync(() => origin.Delivered == 5 * Group);
            }

            origin.Before = null;
            origin.Change(now, "\"2\"");
            stores.CutAfter(step);
            await RunThroughAsync(bench, origin);
            cut = stores.IsOff;
            stores.Restart();
            Assert.Equal(now, await bench.RunAsync(origin));
        }
    }

    [Fact]
    public async Task The_power_may_fail_at_every_step_of_a_change_over_and_of_a_change_back()
    {
        var old = Random(1, (9 * Group) + 3);
        var stored = Changed(old, 1, 4);
        for (var step = 1; ; step++)
        {
            var stores = new FragileStores(new Random(step));
            var bench = new TransferBench(stores, stores);
            var library = new ScriptedLibrary(stored);
            var origin = new ScriptedOrigin(old) { Before = Scripts.LandAt(6 * Group, library) };
            stores.CutAfter(step);
            var finished = await RunThroughAsync(bench, origin, library);
            if (!stores.IsOff)
            {
                Assert.Equal(stored, finished);
                return;
            }

            stores.Restart();
            origin.Before = null;
            if (step % 2 == 0)
            {
                library = new ScriptedLibrary(stored);
                library.GiveUp();
            }

            // The library is gone in every second round: then it is the origin's version, or what was proven, which the origin does not have.
            for (var tries = 0; ; tries++)
            {
                await using var transfer = await bench.StartAsync(origin, library);
                try
                {
                    Assert.Contains(await bench.EndAsync(transfer), new[] { old, stored });
                    break;
                }
                catch (SharingException e) when (e.Code == ProblemCodes.NoSource && tries == 0)
                {
                }
            }
        }
    }

    static async Task<byte[]?> RunThroughAsync(TransferBench bench, params IContentSource[] sources)
    {
        try
        {
            return await bench.RunAsync(sources);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
