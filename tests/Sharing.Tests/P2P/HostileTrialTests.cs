using Sharing.Trials;

namespace Sharing.Tests.P2P;

/// <summary>The quick form of the trial "hostile": trials.sh runs the whole one.</summary>
public sealed class HostileTrialTests
{
    [Fact(Timeout = 200_000)]
    [Trait("Row", "D7")]
    public async Task Spoilt_frames_crash_nothing_hang_nothing_and_are_not_believed()
    {
        await using var trial = new HostileTrial { Frames = 2000 };
        var outcome = await TrialRunner.RunOnceAsync(trial, 0, 7, TestContext.Current.CancellationToken);
        Assert.True(outcome.Failure is null, $"{outcome.Failure} {outcome.Facts}");
        Assert.InRange((int)outcome.Facts["read"]!, 10, 1000);
        Assert.InRange((int)outcome.Facts["refused"]!, 10, 1000);
        Assert.InRange((int)outcome.Facts["answered"]!, 100, 600);
    }
}
