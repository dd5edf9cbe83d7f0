using Sharing.Trials;

namespace Sharing.Tests.Content;

/// <summary>The quick form of the trial "power": trials.sh runs the whole one.</summary>
public sealed class PowerTrialTests
{
    [Fact(Timeout = 600_000)]
    public async Task A_power_cut_takes_nothing_that_was_acknowledged_and_would_be_seen_if_it_did()
    {
        await using var trial = new PowerTrial();
        for (var number = 0; number < 6; number++)
        {
            var outcome = await TrialRunner.RunOnceAsync(trial, number, 7, TestContext.Current.CancellationToken);
            Assert.True(outcome.Failure is null, $"{outcome.Failure} {outcome.Facts}");
        }
    }
}
