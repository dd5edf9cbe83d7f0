using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>On an index server of its own: the keys of the shared-data servers that it serves (<see cref="P2POptions.DataServers"/>). Thread-safe singleton.</summary>
/// <remarks>They are fetched when a ticket fits none that is known, at most once in ten seconds, and kept in memory. What cannot be fetched keeps the keys that were known.</remarks>
public sealed class RemoteTicketKeys(IHttpClientFactory clients, IOptions<P2POptions> options, TimeProvider time, ILogger<RemoteTicketKeys> logger) : ITicketKeys, IDisposable
{
    static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    readonly SemaphoreSlim _one = new(1, 1);
    Dictionary<Uri, IReadOnlyList<byte[]>> _keys = [];
    long? _fetched;

    /// <inheritdoc/>
    public async ValueTask<ShareTicket?> CheckAsync(string ticket, ContentId content, CancellationToken cancellationToken = default)
    {
        if (Tickets.ReadUnchecked(ticket) is not { } claimed || claimed.Content != content || claimed.Expires <= time.GetUtcNow())
        {
            return null;
        }

        return Read(ticket) is { } open ? open : await FetchAsync(cancellationToken) ? Read(ticket) : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    ShareTicket? Read(string ticket)
    {
        foreach (var key in _keys.Values.SelectMany(static keys => keys))
        {
            if (Tickets.Read(ticket, key, time.GetUtcNow()) is { } open)
            {
                return open;
            }
        }

        return null;
    }

    /// <returns>Whether the keys may be others than before.</returns>
    async Task<bool> FetchAsync(CancellationToken cancellationToken)
    {
        var seen = _fetched;
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_fetched != seen || (_fetched is { } last && time.GetElapsedTime(last) < Rest))
            {
                return _fetched != seen;
            }

            var keys = new Dictionary<Uri, IReadOnlyList<byte[]>>(_keys);
            foreach (var server in options.Value.DataServers)
            {
                try
                {
                    var connection = new ServerConnection(clients.CreateClient(GuardedClient.Services), server, static (_, _) => ValueTask.FromResult<string?>(null));
                    keys[server] = (await connection.GetAsync(null, "v1/ticket-key", P2PJson.Default.TicketKeySet, cancellationToken))?.Keys ?? [];
                }
                catch (Exception e) when (e is HttpRequestException or SharingException)
                {
                    P2PLog.KeysFailed(logger, server, e.GetBaseException().Message);
                }
            }

            (_keys, _fetched) = (keys, time.GetTimestamp());
            return true;
        }
        finally
        {
            _one.Release();
        }
    }
}
