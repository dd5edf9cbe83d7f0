namespace Sharing.Core;

/// <summary>What is to be transferred.</summary>
public sealed record TransferRequest
{
    const long MostChunks = 16 * 1024;

    /// <summary>The key under which it survives a restart: as for <see cref="IContentStore.OpenPartialAsync"/>, but at most 90 characters. One transfer per key at a time.</summary>
    public required string Key { get; init; }

    /// <summary>Where it can come from. Sources that will have it later may be among them.</summary>
    public required IReadOnlyList<IContentSource> Sources { get; init; }

    /// <summary>Sources that come while it runs, e.g. terminals as they are found; each once. The transfer does not fail for want of sources before it has ended.</summary>
    public IAsyncEnumerable<IContentSource>? MoreSources { get; init; }

    /// <summary>The content that it must be; <c>null</c>: whatever the first source that knows it says.</summary>
    public ContentId? Content { get; init; }

    /// <summary>Bytes in a chunk; <c>null</c>: <see cref="TransferOptions.ChunkSize"/>. Terminals that fetch the same name their chunks by the same size.</summary>
    public int? ChunkSize { get; init; }

    /// <summary>Chooses the sources of its chunks; <c>null</c>: the host's selector.</summary>
    public IChunkSourceSelector? Selector { get; init; }

    /// <summary>Bytes in a chunk of a content: as many as are asked for, but for a content that would have more than 16,384 chunks twice as many, and again. So maps of them stay small.</summary>
    /// <param name="length">The content's length.</param>
    /// <param name="least">How many are asked for.</param>
    public static int ChunkSizeOf(long length, int least)
    {
        while (length / least > MostChunks && least < 1 << 30)
        {
            least *= 2;
        }

        return least;
    }

    /// <summary>The most bytes that are taken; beyond, the transfer fails with <see cref="ProblemCodes.TooLarge"/>. 0 = no limit.</summary>
    public long MaxLength { get; init; }

    /// <summary>Is told of progress, at most every <see cref="TransferOptions.ProgressInterval"/>, from no particular thread.</summary>
    public IProgress<TransferProgress>? Progress { get; init; }
}
