using Sharing.Tests.Laws;
using Sharing.Trials;

namespace Sharing.Tests.Posts;

/// <summary>The quick form of the trial "restart": trials.sh runs the whole one.</summary>
[Trait("Row", "R3")]
public sealed class RestartTrialTests
{
    [Theory(Timeout = 240_000)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_was_acknowledged_is_there_once_after_servers_and_terminals_were_killed(int number)
    {
        var trial = new RestartTrial { Server = Repository.Sample("Server", "Server.dll"), Terminal = Repository.Sample("Terminal", "sharing.dll") };
        var outcome = await TrialRunner.RunOnceAsync(trial, number, 7, TestContext.Current.CancellationToken);
        Assert.True(outcome.Failure is null, $"{outcome.Failure} {outcome.Facts}");
    }
}
