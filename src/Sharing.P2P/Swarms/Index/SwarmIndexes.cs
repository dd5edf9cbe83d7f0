using Microsoft.Extensions.Logging;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>On a terminal: the index of a share, as its manifest says. Thread-safe singleton.</summary>
/// <param name="servers">How servers are spoken to.</param>
/// <param name="spread">This terminal's part of spread indexes.</param>
/// <param name="held">The shares that it has, by whose keys tickets are checked.</param>
/// <param name="time">The clock.</param>
/// <param name="loggers">Make logs.</param>
public sealed class SwarmIndexes(ShareServers servers, SpreadSwarms spread, HeldShares held, TimeProvider time, ILoggerFactory loggers) : IIndexPlacement
{
    /// <inheritdoc/>
    /// <remarks>A spread index needs the share among those that are held.</remarks>
    public IChunkIndex Of(ShareManifest manifest, Uri? server)
    {
        var central = manifest.Indexes.Count switch
        {
            0 => server is null ? null : servers.IndexAt(server),
            1 => servers.IndexAt(manifest.Indexes[0]),
            _ => new RendezvousChunkIndex([.. manifest.Indexes.Select(index => (index, servers.IndexAt(index)))], time, loggers.CreateLogger<RendezvousChunkIndex>()),
        };
        return manifest.IsSpread || central is null ? new SpreadChunkIndex(spread, manifest, held, central) : central;
    }
}
