namespace Sharing;

/// <summary>A selector that can say what it compares: optional, for people who ask why a chunk came from where it did.</summary>
/// <remarks>Thread-safe and quick, like <see cref="IChunkSourceSelector.Select"/>.</remarks>
public interface IExplainingSelector : IChunkSourceSelector
{
    /// <summary>What a chunk from a source costs, as this selector sees it.</summary>
    /// <param name="chunkLength">Bytes in the chunk.</param>
    /// <param name="quote">The source.</param>
    ChunkCost CostOf(long chunkLength, in SourceQuote quote);
}
