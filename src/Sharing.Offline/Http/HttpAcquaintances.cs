using Sharing.Core;

namespace Sharing.Offline;

/// <summary>Whom people know at the networks of a download server, over HTTP.</summary>
public sealed class HttpAcquaintances(ServerConnection server) : IAcquaintances
{
    /// <inheritdoc/>
    public async Task<NetworkFollows?> ListAsync(PersonId actor, string network, CancellationToken cancellationToken = default) =>
        await server.GetAsync(actor, $"v1/networks/{Uri.EscapeDataString(network)}/follows", WireJson.Default.NetworkFollows, cancellationToken);
}
