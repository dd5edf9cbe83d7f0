namespace Sharing;

/// <summary>Chooses the source of a chunk. Asked again for every chunk, and when a source comes or goes.</summary>
/// <remarks>Thread-safe and quick: called under a lock, without waiting for anything.</remarks>
public interface IChunkSourceSelector
{
    /// <summary>Chooses.</summary>
    /// <param name="chunkLength">Bytes in the chunk.</param>
    /// <param name="quotes">The sources that have the chunk; at least one.</param>
    /// <returns>An index into <paramref name="quotes"/>.</returns>
    int Select(long chunkLength, ReadOnlySpan<SourceQuote> quotes);
}
