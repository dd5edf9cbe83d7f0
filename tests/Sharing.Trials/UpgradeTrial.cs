using System.Text.Json.Nodes;
using Sharing.Trials.Several;

namespace Sharing.Trials;

/// <summary>The trial "hosts", but a host is asked to end, and comes back as the other one of two versions: both run together, on one database, under load. All begin as the older one, so that the first of
/// the newer brings the database forward while the others work.</summary>
sealed class UpgradeTrial : ITrial, IAsyncDisposable
{
    readonly bool[] _isNew = new bool[HostsFleet.Hosts];
    HostsFleet? _fleet;

    public string Name => "upgrade";

    public int Count => 50;

    /// <summary>The assembly of the server sample.</summary>
    public string Server { get; init; } = Path.Combine(AppContext.BaseDirectory, "Server.dll");

    /// <summary>That of an older version, <c>SHARING_OTHER_SERVER</c>; without one it is the same version, and hosts are restarted.</summary>
    public string Other { get; } = Environment.GetEnvironmentVariable("SHARING_OTHER_SERVER") ?? "";

    public async Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        _fleet ??= await HostsFleet.StartAsync(Other.Length > 0 ? Other : Server, cancellationToken);
        var facts = new JsonObject();
        var failure = await new HostsCourse(_fleet, trial, random, facts, host =>
        {
            _isNew[host] = !_isNew[host];
            return _fleet.ReplaceAsync(host, _isNew[host] || Other.Length == 0 ? Server : Other);
        }).RunAsync(cancellationToken);
        facts["older"] = Other.Length > 0 ? _isNew.Count(static isNew => !isNew) : null;
        return new(failure, facts);
    }

    public async ValueTask DisposeAsync() => await (_fleet?.DisposeAsync() ?? default);
}
