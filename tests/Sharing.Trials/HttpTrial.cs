using System.Text.Json.Nodes;
using Sharing.Trials.Http;

namespace Sharing.Trials;

/// <summary>The server sample under everything that raw sockets can do to it: hidden and broken requests, oversized ones, thousands of idle, slow and standing
/// clients. None of it is answered as anything else than what it is, and an honest client is served meanwhile about as quickly as before.</summary>
sealed class HttpTrial : ITrial
{
    public string Name => "http";

    public int Count => 3;

    /// <summary>The assembly of the server sample.</summary>
    public string Server { get; init; } = Path.Combine(AppContext.BaseDirectory, "Server.dll");

    /// <summary>How much of it.</summary>
    public SiegeSize Size { get; init; } = SiegeSize.Whole;

    public async Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        var facts = new JsonObject();
        await using var course = new HttpCourse(Server, Size, random, facts);
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
