namespace Sharing.Core;

/// <summary>What a transfer looks like at one moment: how far each chunk is, who brought it, and how the sources do.</summary>
public sealed record TransferView
{
    /// <summary>Bytes in all; <c>null</c>: not known yet, and then there are no chunks to show.</summary>
    public long? Length { get; init; }

    /// <summary>Bytes in a chunk, but for the last.</summary>
    public int ChunkSize { get; init; }

    /// <summary>The chunks, from 0 on; at most 16,384, 4 bytes each.</summary>
    public required IReadOnlyList<ChunkView> Chunks { get; init; }

    /// <summary>The sources, in the order in which they came; those that were dropped stay.</summary>
    public required IReadOnlyList<SourceView> Sources { get; init; }
}
