using Sharing.Trials;
using Sharing.Trials.ChangeOver;

namespace Sharing.Tests.Routes;

/// <summary>The quick form of the trial "change-over": trials.sh runs the whole one.</summary>
[Trait("Row", "R8")]
public sealed class ChangeOverTrialTests
{
    [Fact]
    public async Task Sixty_seeded_schedules_end_with_one_version_and_fetch_nothing_twice()
    {
        var trial = new ChangeOverTrial { Longest = 3 * 1024 * 1024 };
        var failures = new List<string>();
        for (var i = 0; i < 60; i++)
        {
            if (await TrialRunner.RunOnceAsync(trial, i, 2, TestContext.Current.CancellationToken) is { Failure: { } failure } outcome)
            {
                failures.Add($"{i}: {failure} {outcome.Facts}");
            }
        }

        Assert.Empty(failures);
    }
}
