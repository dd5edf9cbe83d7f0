using Sharing.Trials;
using Sharing.Trials.ChangeOver;

namespace Sharing.Tests.Routes;

/// <summary>The quick form of the trial "change-over": trials.sh runs the whole one.</summary>
[Trait("Row", "R8")]
public sealed class ChangeOverTrialTests
{
    [Fact]
    public Task Sixty_seeded_schedules_end_with_one_version_and_fetch_nothing_twice() => RunAsync(firstLie: int.MaxValue, count: 60);

    [Fact]
    public Task Two_hundred_seeded_schedules_of_lies_end_with_one_version_or_a_clear_failure() => RunAsync(firstLie: 0, count: 200);

    static async Task RunAsync(int firstLie, int count)
    {
        var trial = new ChangeOverTrial { Longest = 3 * 1024 * 1024, FirstLie = firstLie };
        var failures = new List<string>();
        for (var i = 0; i < count; i++)
        {
            if (await TrialRunner.RunOnceAsync(trial, i, 2, TestContext.Current.CancellationToken) is { Failure: { } failure } outcome)
            {
                failures.Add($"{i}: {failure} {outcome.Facts}");
            }
        }

        Assert.Empty(failures);
    }
}
