using System.Text.RegularExpressions;
using Sharing.Tests.Laws;
using Sharing.Trials;
using Sharing.Trials.Durability;

namespace Sharing.Tests.Content;

/// <summary>The quick form of the trial "kill": every named step once. trials.sh runs the whole one.</summary>
public sealed partial class KillTrialTests
{
    [Fact(Timeout = 600_000)]
    public async Task Killed_at_any_named_step_nothing_acknowledged_is_lost_nothing_torn_is_seen_and_one_sweep_tidies_up()
    {
        await using var origin = await StoringOrigin.StartAsync();
        var steps = await KillTrial.StepsAsync(origin.Address, TestContext.Current.CancellationToken);

        // A step without a trial is a gap.
        var named = Repository.Sources().SelectMany(file => StepName().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(named.Order(StringComparer.Ordinal), steps.Keys.Order(StringComparer.Ordinal));

        foreach (var (step, count) in steps)
        {
            var outcome = await KillTrial.AtStepAsync((step, Math.Min(2, count)), origin.Address, TestContext.Current.CancellationToken);
            Assert.True(outcome.Failure is null, $"{outcome.Failure} {outcome.Facts}");
        }
    }

    [GeneratedRegex("Step\\.Reached\\(\"([a-z.-]+)\"\\)")]
    private static partial Regex StepName();
}
