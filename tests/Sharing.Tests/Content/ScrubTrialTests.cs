using Sharing.Trials;

namespace Sharing.Tests.Content;

/// <summary>The quick form of the trial "scrub": trials.sh runs the whole one.</summary>
public sealed class ScrubTrialTests
{
    [Fact(Timeout = 300_000)]
    public async Task Whatever_changes_in_the_bucket_or_the_database_is_found_and_mended_and_reaches_nobody()
    {
        await using var trial = new ScrubTrial();
        for (var number = 0; number < 40; number++)
        {
            var outcome = await TrialRunner.RunOnceAsync(trial, number, 1, TestContext.Current.CancellationToken);
            Assert.True(outcome.Failure is null, $"{number}: {outcome.Failure}");
        }
    }
}
