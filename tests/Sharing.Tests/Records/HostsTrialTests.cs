using Sharing.Tests.Laws;
using Sharing.Trials;

namespace Sharing.Tests.Records;

/// <summary>The quick form of the trial "hosts": trials.sh runs the whole one.</summary>
public sealed class HostsTrialTests
{
    [Fact(Timeout = 300_000)]
    public async Task Whichever_of_three_hosts_is_killed_nothing_that_was_acknowledged_is_lost_and_nobody_wrongly_let_in()
    {
        await using var trial = new HostsTrial { Server = Repository.Sample("Server", "Server.dll") };
        for (var number = 0; number < 3; number++)
        {
            var outcome = await TrialRunner.RunOnceAsync(trial, number, 1, TestContext.Current.CancellationToken);
            Assert.True(outcome.Failure is null, $"{number}: {outcome.Failure} {outcome.Facts}");
            Assert.True((int)outcome.Facts["shares"]! > 0 && (int)outcome.Facts["messages"]! > 0 && (int)outcome.Facts["looks"]! > 0);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Hosts_are_restarted_one_after_the_other_under_load_and_nothing_is_lost()
    {
        await using var trial = new UpgradeTrial { Server = Repository.Sample("Server", "Server.dll") };
        for (var number = 0; number < 2; number++)
        {
            var outcome = await TrialRunner.RunOnceAsync(trial, number, 1, TestContext.Current.CancellationToken);
            Assert.True(outcome.Failure is null, $"{number}: {outcome.Failure} {outcome.Facts}");
            Assert.Equal(1, (int)outcome.Facts["killed"]!);
        }
    }
}
