using Sharing.Trials;

namespace Sharing.Tests.Messages;

/// <summary>The quick form of the trial "inbox": trials.sh runs the whole one.</summary>
[Trait("Row", "M9")]
public sealed class InboxTrialTests
{
    [Fact(Timeout = 300_000)]
    public async Task A_server_that_is_killed_while_two_hundred_follow_loses_nothing_sends_nothing_twice_and_keeps_the_order()
    {
        var outcome = await TrialRunner.RunOnceAsync(new InboxTrial { Subscribers = 200 }, 0, 7, TestContext.Current.CancellationToken);
        Assert.True(outcome.Failure is null, $"{outcome.Failure} {outcome.Facts}");
    }
}
