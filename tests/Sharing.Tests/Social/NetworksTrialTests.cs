namespace Sharing.Tests.Social;

/// <summary>The short form of the trial "networks".</summary>
public sealed class NetworksTrialTests
{
    [Fact(Timeout = 300_000)]
    [Trait("Row", "R3")]
    public async Task A_hundred_publishes_at_real_networks_out_of_a_process_that_is_killed_three_times_are_shown_once_each()
    {
        var result = await NetworksCourse.RunAsync(Path.Combine(AppContext.BaseDirectory, "Sharing.Tests.Child.dll"), shares: 20, kills: 3, new Random(1), TestContext.Current.CancellationToken);
        Assert.True(result.IsPerfect, $"{result}");
        Assert.InRange(result.Kills, 1, 3);
        Assert.InRange(result.Cut, 10, 300);
    }
}
