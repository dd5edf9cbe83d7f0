using Sharing.Trials;

namespace Sharing.Tests.Content;

/// <summary>The quick forms of the trials "fsync" and "disk": trials.sh runs the whole ones.</summary>
public sealed class FaultTrialTests
{
    static readonly string[] s_errors = ["EIO", "ENOSPC", "EDQUOT"];

    [Fact(Timeout = 600_000)]
    public async Task Whichever_flush_fails_nothing_that_is_not_durable_is_acknowledged_and_reads_go_on()
    {
        await using var trial = new FsyncTrial();
        var flushes = await trial.FlushesAsync(TestContext.Current.CancellationToken);
        for (var flush = 15; flush <= flushes; flush += 5) // those of the start come first
        {
            var (error, forEver) = (s_errors[flush / 5 % s_errors.Length], flush % 2 == 0);
            Assert.Null((await trial.FailAsync(flush, error, forEver, "ext4", 2, TestContext.Current.CancellationToken)).Failure);
        }

        Assert.Null((await trial.FailAsync(20, "EIO", forEver: true, "xfs", 2, TestContext.Current.CancellationToken)).Failure);
    }

    [Fact(Timeout = 600_000)]
    public async Task A_full_disk_is_said_costs_nothing_and_is_forgotten_with_room()
    {
        await using var trial = new DiskTrial();
        foreach (var number in (int[])[5, 90, 170])
        {
            var outcome = await TrialRunner.RunOnceAsync(trial, number, 1, TestContext.Current.CancellationToken);
            Assert.True(outcome.Failure is null, $"{outcome.Failure} {outcome.Facts}");
        }
    }
}
