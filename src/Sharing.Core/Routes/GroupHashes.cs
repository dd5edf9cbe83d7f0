using System.Runtime.CompilerServices;

namespace Sharing.Core;

/// <summary>Reads and folds a list of group hashes, some at a time.</summary>
static class GroupHashes
{
    /// <summary>Bytes read at once: the hashes of 64 MiB.</summary>
    public const int Block = 1024 * ContentId.Size;

    /// <summary>The groups area of a partial content, as far as a content of that length needs it.</summary>
    /// <exception cref="EndOfStreamException">It is shorter.</exception>
    public static async IAsyncEnumerable<(long First, ReadOnlyMemory<byte> Hashes)> ReadAsync(
        IPartialContent partial, long length, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = new byte[Block];
        var groups = ContentTree.GroupCount(length);
        for (long group = 0; group < groups;)
        {
            var block = buffer.AsMemory(0, (int)Math.Min(buffer.Length, (groups - group) * ContentId.Size));
            if (await partial.ReadUpToAsync(ContentArea.Groups, group * ContentId.Size, block, cancellationToken) < block.Length)
            {
                throw new EndOfStreamException("The list of group hashes is shorter than the content.");
            }

            yield return (group, block);
            group += block.Length / ContentId.Size;
        }
    }

    public static void Add(ContentTreeBuilder tree, ReadOnlySpan<byte> hashes)
    {
        for (var i = 0; i < hashes.Length; i += ContentId.Size)
        {
            tree.Add(hashes.Slice(i, ContentId.Size));
        }
    }

    public static ContentId Fold(ContentTreeBuilder tree)
    {
        var root = new byte[ContentId.Size];
        tree.Finish(root);
        return new ContentId(root);
    }

    /// <summary>The id of a content of at most one group.</summary>
    public static ContentId OfOnlyGroup(ReadOnlySpan<byte> bytes)
    {
        Span<byte> root = stackalloc byte[ContentId.Size];
        ContentTree.HashOnlyGroup(bytes, root);
        return new ContentId(root);
    }

    /// <summary>Reads until the buffer is full or the area ends.</summary>
    public static Task<int> ReadUpToAsync(this IPartialContent partial, ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        ReadUpToAsync((at, rest, token) => partial.ReadAsync(area, at, rest, token), offset, buffer, cancellationToken);

    /// <inheritdoc cref="ReadUpToAsync(IPartialContent, ContentArea, long, Memory{byte}, CancellationToken)"/>
    public static Task<int> ReadUpToAsync(this IContentReader reader, ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        ReadUpToAsync((at, rest, token) => reader.ReadAsync(area, at, rest, token), offset, buffer, cancellationToken);

    /// <summary>Reads until the buffer is full or there is no more.</summary>
    public static async Task<int> ReadUpToAsync(ReadAt read, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var done = 0;
        while (done < buffer.Length && await read(offset + done, buffer[done..], cancellationToken) is var count and > 0)
        {
            done += count;
        }

        return done;
    }
}
