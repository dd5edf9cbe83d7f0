using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Fetching by a terminal that is running already, over HTTP. Thread-safe.</summary>
public sealed class HttpShareDownloads(ServerConnection terminal) : IShareDownloads
{
    /// <inheritdoc/>
    public IAsyncEnumerable<ShareDownload> FetchAsync(PersonId actor, ShareLink link, string? name = null, CancellationToken cancellationToken = default) => terminal.EventsAsync(
        actor, $"v1/fetch/events?link={Uri.EscapeDataString(link.ToString())}" + (name is null ? "" : $"&name={Uri.EscapeDataString(name)}"), P2PJson.Default.ShareDownload, cancellationToken);

    /// <inheritdoc/>
    public Task<SwarmView?> OthersAsync(PersonId actor, ShareLink link, CancellationToken cancellationToken = default) =>
        terminal.GetAsync(actor, $"v1/fetch/others?link={Uri.EscapeDataString(link.ToString())}", P2PJson.Default.SwarmView, cancellationToken);
}
