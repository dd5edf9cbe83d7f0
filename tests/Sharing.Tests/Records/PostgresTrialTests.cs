using Sharing.Trials;
using Sharing.Trials.PostgreSql;

namespace Sharing.Tests.Records;

/// <summary>The quick form of the trial "postgres": trials.sh runs the whole one.</summary>
public sealed class PostgresTrialTests
{
    [Fact(Timeout = 600_000)]
    public async Task Whatever_happens_to_the_server_nothing_that_was_told_is_lost_and_nothing_refused_is_there()
    {
        await using var trial = new PostgresTrial();
        for (var i = 0; i < Enum.GetValues<PostgresTrouble>().Length; i++)
        {
            var outcome = await TrialRunner.RunOnceAsync(trial, i, 1, TestContext.Current.CancellationToken);
            Assert.True(outcome.Failure is null, $"{i}: {outcome.Failure} {outcome.Facts}");
            Assert.True((int)outcome.Facts["told"]! > 0);
        }
    }
}
