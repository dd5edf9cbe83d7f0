using System.Text.Json.Nodes;
using Sharing.Trials.Tus;

namespace Sharing.Trials;

/// <summary>Uploads over raw sockets to a server that is killed in between: duplicate, racing, stale and half-open PATCHes, HEADs in the middle. Never a wrong byte,
/// never a lock that is not free again within 10 seconds, and the recount of everybody's room fits.</summary>
sealed class TusTrial : ITrial
{
    public string Name => "tus";

    public int Count => 1000;

    /// <summary>The assembly of the server.</summary>
    public string Server { get; init; } = Path.Combine(AppContext.BaseDirectory, "Sharing.Tests.Child.dll");

    public async Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        var facts = new JsonObject();
        await using var course = new TusCourse(Server, random, facts);
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
