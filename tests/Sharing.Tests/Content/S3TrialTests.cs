using Sharing.Trials;
using Sharing.Trials.S3;

namespace Sharing.Tests.Content;

/// <summary>The quick form of the trial "s3": trials.sh runs the whole one.</summary>
public sealed class S3TrialTests
{
    [Fact(Timeout = 600_000)]
    public async Task Whatever_the_store_does_nothing_that_was_told_is_lost_and_one_sweep_leaves_no_half_upload()
    {
        for (var i = 0; i < 2 * Enum.GetValues<S3Trouble>().Length; i++)
        {
            var outcome = await TrialRunner.RunOnceAsync(new S3Trial(), i, 1, TestContext.Current.CancellationToken);
            Assert.True(outcome.Failure is null, $"{i}: {outcome.Failure} {outcome.Facts}");
        }
    }
}
