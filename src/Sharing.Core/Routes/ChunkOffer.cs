namespace Sharing.Core;

/// <summary>One of the sources that a choice compared.</summary>
/// <param name="Source">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Cost">What the chunk from there would have cost at that moment; <c>null</c>: the selector does not say.</param>
public sealed record ChunkOffer(string Source, SourceKind Kind, ChunkCost? Cost);
