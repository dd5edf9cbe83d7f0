namespace Sharing.Core;

/// <summary>A read that has begun.</summary>
/// <param name="offer">What the source says now.</param>
/// <param name="offset">Where the body begins: the offset asked for, or 0.</param>
/// <param name="body">The bytes from there to the end; may be given up at any point.</param>
/// <param name="owner">Disposed with it, e.g. the HTTP response.</param>
public sealed class SourceRead(SourceOffer offer, long offset, Stream body, IDisposable? owner = null) : IAsyncDisposable
{
    /// <summary>What the source says now.</summary>
    public SourceOffer Offer { get; } = offer;

    /// <summary>Where the body begins.</summary>
    public long Offset { get; } = offset;

    /// <summary>The bytes.</summary>
    public Stream Body { get; } = body;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Body.DisposeAsync();
        owner?.Dispose();
    }
}
