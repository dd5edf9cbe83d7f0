using Sharing.Core;

namespace Sharing.P2P;

/// <summary>A share that is being fetched, as people look at it: which source gives which chunk.</summary>
public sealed record FetchView
{
    /// <summary>The share.</summary>
    public required ShareId Share { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What is fetched.</summary>
    public required ContentId Content { get; init; }

    /// <summary>Bytes in all.</summary>
    public required long Length { get; init; }

    /// <summary>Bytes that are here, in whole chunks.</summary>
    public required long Done { get; init; }

    /// <summary>Bytes a second, of all sources that bring something now.</summary>
    public double BytesPerSecond { get; init; }

    /// <summary>Bytes in a chunk, but for the last.</summary>
    public required int ChunkSize { get; init; }

    /// <summary>How many chunks there are; 0: not known yet.</summary>
    public required int Count { get; init; }

    /// <summary>The chunks, as <see cref="ChunkMap"/> writes them.</summary>
    public required string Chunks { get; init; }

    /// <summary>The sources, in the order in which they came.</summary>
    public required IReadOnlyList<SourceView> Sources { get; init; }

    /// <summary>What a transfer of a share looks like.</summary>
    public static FetchView Of(ShareManifest manifest, TransferView view)
    {
        var here = 0L;
        for (var chunk = 0; chunk < view.Chunks.Count; chunk++)
        {
            here += view.Chunks[chunk].State == ChunkState.Here ? Math.Min(view.ChunkSize, manifest.Length - ((long)chunk * view.ChunkSize)) : 0;
        }

        return new FetchView
        {
            Share = manifest.Share, Name = manifest.Name, Content = manifest.Content, Length = manifest.Length, Done = here, ChunkSize = view.ChunkSize, Count = view.Chunks.Count,
            Chunks = ChunkMap.Write(view.Chunks), Sources = view.Sources,
            BytesPerSecond = view.Sources.Sum(static source => source is { IsDropped: false, QueuedBytes: > 0 } ? source.BytesPerSecond : 0),
        };
    }
}
