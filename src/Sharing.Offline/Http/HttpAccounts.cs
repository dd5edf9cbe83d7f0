using Sharing.Core;

namespace Sharing.Offline;

/// <summary>Accounts kept at a download server, over HTTP.</summary>
public sealed class HttpAccounts(ServerConnection server) : IAccounts
{
    /// <inheritdoc/>
    public async Task ConnectAsync(PersonId actor, string network, AccountToken login, CancellationToken cancellationToken = default) =>
        _ = await server.SendAsync(
            actor, HttpMethod.Put, $"v1/networks/{Uri.EscapeDataString(network)}", login, WireJson.Default.AccountToken,
            WireJson.Default.NetworkStateArray, null, cancellationToken)
        ?? throw new SharingException(ProblemCodes.InvalidInput, "That server publishes at no network of that name.");

    /// <inheritdoc/>
    public Task<bool> DisconnectAsync(PersonId actor, string network, CancellationToken cancellationToken = default) =>
        server.TellAsync(actor, HttpMethod.Delete, $"v1/networks/{Uri.EscapeDataString(network)}", cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<NetworkState>> ListAsync(PersonId actor, CancellationToken cancellationToken = default) =>
        await server.GetAsync(actor, "v1/networks", WireJson.Default.NetworkStateArray, cancellationToken) ?? [];
}
