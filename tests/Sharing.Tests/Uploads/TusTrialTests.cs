using Sharing.Trials;

namespace Sharing.Tests.Uploads;

/// <summary>The quick form of the trial "tus": trials.sh runs the whole one.</summary>
public sealed class TusTrialTests
{
    [Fact(Timeout = 600_000)]
    public async Task Ten_seeded_trials_end_with_every_byte_right_and_the_room_counted()
    {
        var failures = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            if (await TrialRunner.RunOnceAsync(new TusTrial(), i, 5, TestContext.Current.CancellationToken) is { Failure: { } failure } outcome)
            {
                failures.Add($"{i}: {failure} {outcome.Facts}");
            }
        }

        Assert.Empty(failures);
    }
}
