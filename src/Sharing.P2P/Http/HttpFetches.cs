using System.Runtime.CompilerServices;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>The fetches of another process, where a terminal is driven over HTTP. Thread-safe.</summary>
public sealed class HttpFetches(ServerConnection terminal) : IShareFetches
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<FetchView> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var fetch in await terminal.GetAsync(null, "v1/transfers", P2PJson.Default.FetchViewArray, cancellationToken) ?? [])
        {
            yield return fetch;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<FetchView?> FindAsync(ContentId content, CancellationToken cancellationToken = default) =>
        await terminal.GetAsync(null, $"v1/transfers/{content}", P2PJson.Default.FetchView, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<FetchView> WatchAsync(ContentId content, CancellationToken cancellationToken = default) =>
        terminal.EventsAsync(null, $"v1/transfers/{content}/events", P2PJson.Default.FetchView, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ChunkChoice?> ExplainAsync(ContentId content, int chunk, CancellationToken cancellationToken = default) =>
        await terminal.GetAsync(null, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"v1/transfers/{content}/chunks/{chunk}"), P2PJson.Default.ChunkChoice, cancellationToken);
}
