using Sharing.Trials;

namespace Sharing.Tests.P2P;

/// <summary>The quick form of the trial "swarm": trials.sh runs the whole one. Where no network namespaces can be made it fails.</summary>
[Collection(nameof(AloneCollection))]
public sealed class SwarmTrialTests
{
    [Theory(Timeout = 200_000)]
    [InlineData(0)]
    [InlineData(1)]
    [Trait("Row", "D7")]
    public async Task Every_survivor_has_the_file_when_the_server_goes_and_when_half_of_the_terminals_go(int trial)
    {
        var outcome = await TrialRunner.RunOnceAsync(new SwarmTrial(), trial, 1, TestContext.Current.CancellationToken);
        Assert.True(outcome.Failure is null, $"{outcome.Failure} {outcome.Facts}");
    }
}
