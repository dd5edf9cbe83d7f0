using System.Text.Json.Nodes;
using Sharing.Trials.Several;

namespace Sharing.Trials;

/// <summary>Three hosts share a PostgreSQL database and an S3 bucket; one of them is killed while people do everything at once, at all of them.</summary>
sealed class HostsTrial : ITrial, IAsyncDisposable
{
    HostsFleet? _fleet;

    public string Name => "hosts";

    public int Count => 200;

    /// <summary>The assembly of the server sample.</summary>
    public string Server { get; init; } = Path.Combine(AppContext.BaseDirectory, "Server.dll");

    public async Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        _fleet ??= await HostsFleet.StartAsync(Server, cancellationToken);
        var facts = new JsonObject();
        return new(await new HostsCourse(_fleet, trial, random, facts).RunAsync(cancellationToken), facts);
    }

    public async ValueTask DisposeAsync() => await (_fleet?.DisposeAsync() ?? default);
}
