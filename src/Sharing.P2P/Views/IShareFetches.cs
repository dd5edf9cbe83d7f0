using Sharing.Core;

namespace Sharing.P2P;

/// <summary>The shares that a terminal is fetching now, for those who look on: which source gives which chunk, and why.</summary>
/// <remarks>Thread-safe. A fetch that is not under way, or not any more, is <c>null</c>, or has no views.</remarks>
public interface IShareFetches
{
    /// <summary>All of them, in no order.</summary>
    IAsyncEnumerable<FetchView> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>What one looks like now.</summary>
    ValueTask<FetchView?> FindAsync(ContentId content, CancellationToken cancellationToken = default);

    /// <summary>What one looks like, again and again, at most four times a second, until it ends; the last is that of its end.</summary>
    IAsyncEnumerable<FetchView> WatchAsync(ContentId content, CancellationToken cancellationToken = default);

    /// <summary>Why the source was chosen that was last asked for a chunk; <c>null</c> also: none was asked.</summary>
    ValueTask<ChunkChoice?> ExplainAsync(ContentId content, int chunk, CancellationToken cancellationToken = default);
}
