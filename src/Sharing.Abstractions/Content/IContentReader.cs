namespace Sharing;

/// <summary>Reads one stored content at any offset. Thread-safe. Whoever opened it disposes it; what is being read stays
/// readable until then, also when the store deletes the content meanwhile.</summary>
public interface IContentReader : IAsyncDisposable
{
    /// <summary>What is read.</summary>
    ContentInfo Info { get; }

    /// <summary>Reads some bytes of an area.</summary>
    /// <returns>The number of bytes read, 0 only at the end of the area or for an empty buffer.</returns>
    ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default);
}
