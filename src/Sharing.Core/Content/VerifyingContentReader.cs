using System.Buffers;

namespace Sharing.Core;

/// <summary>Reads a content and hashes each group before any of it is handed out, unless it was found right lately. Thread-safe.</summary>
sealed class VerifyingContentReader(VerifyingContentStore store, IContentReader inner, ProvenGroups proven) : IContentReader
{
    public ContentInfo Info => inner.Info;

    public async ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireRange(offset, buffer.Length);
        if (buffer.IsEmpty || (area == ContentArea.Data && offset >= Info.Length && Info.Length > 0))
        {
            return 0;
        }

        if (!proven.List)
        {
            await ProveListAsync(cancellationToken);
        }

        if (area != ContentArea.Data)
        {
            return await inner.ReadAsync(area, offset, buffer, cancellationToken);
        }

        var (group, end) = (offset / ContentTree.GroupSize, offset);
        while (end < Info.Length && end - offset < buffer.Length && proven[end / ContentTree.GroupSize])
        {
            end = (end / ContentTree.GroupSize * ContentTree.GroupSize) + ContentTree.GroupSize;
        }

        return end > offset
            ? await inner.ReadAsync(area, offset, buffer[..(int)Math.Min(buffer.Length, end - offset)], cancellationToken)
            : await ProveAsync(group, offset, buffer, cancellationToken);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    /// <summary>Reads a group whole, into the caller's buffer where it fits, and proves it.</summary>
    async ValueTask<int> ProveAsync(long group, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var (start, length) = (group * ContentTree.GroupSize, ContentTree.GroupLength(Info.Length, group));
        if (start == offset && buffer.Length >= length)
        {
            await ReadProvenAsync(group, buffer[..length], cancellationToken);
            return length;
        }

        var rented = ArrayPool<byte>.Shared.Rent(ContentTree.GroupSize);
        try
        {
            var whole = rented.AsMemory(0, length);
            await ReadProvenAsync(group, whole, cancellationToken);
            var wanted = whole[(int)(offset - start)..];
            wanted = wanted[..Math.Min(wanted.Length, buffer.Length)];
            wanted.CopyTo(buffer);
            return wanted.Length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    async ValueTask ReadProvenAsync(long group, Memory<byte> whole, CancellationToken cancellationToken)
    {
        var (hash, expected) = (new byte[ContentId.Size], new byte[ContentId.Size]);
        for (var attempt = 1; ; attempt++)
        {
            var complete = await ReadFullyAsync(ContentArea.Data, group * ContentTree.GroupSize, whole, cancellationToken)
                & await ReadFullyAsync(ContentArea.Groups, group * ContentId.Size, expected, cancellationToken);
            GroupHashing.Hash(whole.Span, group, Info.Length <= ContentTree.GroupSize, hash);
            if (complete && hash.AsSpan().SequenceEqual(expected))
            {
                proven.Add(group);
                return;
            }

            if (attempt == 2) // once may be the memory's or the cable's fault
            {
                throw await store.ReportAsync(Info, $"group {group} of {ContentTree.GroupCount(Info.Length)}");
            }
        }
    }

    async ValueTask ProveListAsync(CancellationToken cancellationToken)
    {
        var tree = new ContentTreeBuilder();
        var groups = ContentTree.GroupCount(Info.Length);
        var block = ArrayPool<byte>.Shared.Rent((int)Math.Min(GroupHashes.Block, groups * ContentId.Size));
        try
        {
            for (long group = 0; group < groups; group = tree.Count)
            {
                var hashes = block.AsMemory(0, (int)Math.Min(GroupHashes.Block, (groups - group) * ContentId.Size));
                if (!await ReadFullyAsync(ContentArea.Groups, group * ContentId.Size, hashes, cancellationToken))
                {
                    throw await store.ReportListAsync(Info, cancellationToken);
                }

                GroupHashes.Add(tree, hashes.Span);
            }

            if (GroupHashes.Fold(tree) != Info.Id)
            {
                throw await store.ReportListAsync(Info, cancellationToken);
            }

            proven.List = true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    async ValueTask<bool> ReadFullyAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        await inner.ReadUpToAsync(area, offset, buffer, cancellationToken) == buffer.Length;
}
