using Sharing.Trials;

namespace Sharing.Tests.Content;

/// <summary>The quick form of the trial "rot": trials.sh runs the whole one.</summary>
public sealed class RotTrialTests
{
    [Fact(Timeout = 240_000)]
    public async Task What_changes_on_the_disk_reaches_nobody_is_found_by_one_scrub_and_comes_back_from_its_origin()
    {
        await using var trial = new RotTrial();
        for (var number = 0; number < 40; number++)
        {
            var outcome = await TrialRunner.RunOnceAsync(trial, number, 7, TestContext.Current.CancellationToken);
            Assert.True(outcome.Failure is null, $"{outcome.Failure} {outcome.Facts}");
        }
    }
}
