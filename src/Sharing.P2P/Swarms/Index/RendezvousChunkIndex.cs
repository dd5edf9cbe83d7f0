using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Several index servers that share the contents among them: each content has an order of them, the same for everybody, in which the next takes over while one does not answer. Thread-safe.</summary>
/// <remarks>
/// Rendezvous (highest random weight) hashing, Thaler and Ravishankar 1998: the weight of a server for a content is the first 8 bytes of BLAKE3(the server's address, the content id). Where one is
/// taken away or added, only its own contents move. A server that failed is not asked for <see cref="Rest"/>; then terminals come back to it by themselves, and find each other there again after
/// they have all announced themselves once more.
/// </remarks>
public sealed class RendezvousChunkIndex : IChunkIndex
{
    /// <summary>For how long a server that failed is not asked.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    readonly ConcurrentDictionary<Uri, long> _failed = new();
    readonly IReadOnlyList<(Uri Name, IChunkIndex Index)> _servers;
    readonly TimeProvider _time;
    readonly ILogger _logger;

    /// <param name="servers">The servers, by the addresses that everybody calls them by.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Takes the log.</param>
    public RendezvousChunkIndex(IReadOnlyList<(Uri Name, IChunkIndex Index)> servers, TimeProvider time, ILogger<RendezvousChunkIndex> logger)
    {
        ArgumentOutOfRangeException.ThrowIfZero(servers.Count);
        (_servers, _time, _logger) = (servers, time, logger);
    }

    /// <inheritdoc/>
    /// <exception cref="HttpRequestException">None of them answers.</exception>
    public async ValueTask<SwarmView> AnnounceAsync(ContentId content, SwarmMember member, string ticket, CancellationToken cancellationToken = default)
    {
        Exception? fault = null;
        foreach (var (name, index) in InOrder(content))
        {
            try
            {
                var view = await index.AnnounceAsync(content, member, ticket, cancellationToken);
                _failed.TryRemove(name, out _);
                return view;
            }
            catch (Exception e) when (e is not SharingException && !cancellationToken.IsCancellationRequested)
            {
                _failed[name] = _time.GetTimestamp();
                P2PLog.IndexFailed(_logger, name, e.GetBaseException().Message);
                fault = e;
            }
        }

        throw new HttpRequestException("No index server answers.", fault);
    }

    /// <inheritdoc/>
    public async ValueTask LeaveAsync(ContentId content, string device, string ticket, CancellationToken cancellationToken = default)
    {
        foreach (var (name, index) in InOrder(content))
        {
            try
            {
                await index.LeaveAsync(content, device, ticket, cancellationToken);
                return;
            }
            catch (Exception e) when (e is not SharingException && !cancellationToken.IsCancellationRequested)
            {
                P2PLog.IndexFailed(_logger, name, e.GetBaseException().Message); // it will forget by itself
            }
        }
    }

    /// <summary>The servers of a content, those that failed a moment ago last.</summary>
    IEnumerable<(Uri Name, IChunkIndex Index)> InOrder(ContentId content) =>
        _servers.OrderBy(server => _failed.TryGetValue(server.Name, out var at) && _time.GetElapsedTime(at) < Rest).ThenByDescending(server => Weight(server.Name, content));

    /// <summary>The weight of a server for a content.</summary>
    internal static ulong Weight(Uri server, ContentId content)
    {
        Span<byte> hash = stackalloc byte[Blake3.HashSize];
        var id = new byte[ContentId.Size];
        content.CopyTo(id);
        Blake3.Hash([.. Encoding.UTF8.GetBytes(server.AbsoluteUri), .. id], hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}
