using System.Text.Json.Nodes;
using Sharing.Trials.Restart;

namespace Sharing.Trials;

/// <summary>Servers and terminals are killed at any moment while people share, comment, reshare and download: what was acknowledged is there afterwards,
/// once, and every download is complete (rows R3 and R7).</summary>
sealed class RestartTrial : ITrial
{
    public string Name => "restart";

    public int Count => 100;

    /// <summary>The assembly of the server sample.</summary>
    public string Server { get; init; } = Path.Combine(AppContext.BaseDirectory, "Server.dll");

    /// <summary>The assembly of the terminal sample.</summary>
    public string Terminal { get; init; } = Path.Combine(AppContext.BaseDirectory, "sharing.dll");

    public async Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        var facts = new JsonObject();
        await using var course = new RestartCourse(Server, Terminal, random, facts);
        try
        {
            return new TrialOutcome(await course.RunAsync(cancellationToken), facts);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new TrialOutcome(e.ToString(), facts);
        }
    }
}
