using Sharing.Trials;

namespace Sharing.Tests.Posts;

/// <summary>The short forms of two trials.</summary>
public sealed class PublishingTrialTests
{
    static readonly string Child = Path.Combine(AppContext.BaseDirectory, "Sharing.Tests.Child.dll");

    [Fact(Timeout = 240_000)]
    [Trait("Row", "R3")]
    public async Task Sixty_publishes_out_of_a_process_that_is_killed_five_times_are_shown_once_each()
    {
        var result = await PublishingCourse.RunAsync(Child, shares: 20, kills: 5, new Random(1), TestContext.Current.CancellationToken);
        Assert.True(result.IsPerfect, $"{result}");
        Assert.InRange(result.Kills, 3, 5);
        Assert.InRange(result.Cut, 5, 200);
    }

    [Fact(Timeout = 240_000)]
    [Trait("Row", "R6")]
    public async Task Forty_shares_of_one_address_from_four_processes_are_one_download()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var server = Path.Combine(Laws.Repository.Root, "samples", "Server", "bin", configuration, "net10.0", "Server.dll");
        var result = await SingleFlightCourse.RunAsync(server, Child, shares: 40, new Random(1), TestContext.Current.CancellationToken);
        Assert.Equal(new(Requests: 1, Shared: 40, Intact: 4), result);
    }
}
