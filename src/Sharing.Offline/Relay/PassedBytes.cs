using Sharing.Core;

namespace Sharing.Offline;

/// <summary>Keeps of the bytes that were passed on as much as it takes to prove later that something else begins with them: the hash of each whole
/// group, folded, and the bytes of the group that is under way. Not thread-safe.</summary>
sealed class PassedBytes
{
    const int HashesAtOnce = 1024;

    readonly ContentTreeBuilder _tree = new();
    readonly byte[] _group = new byte[ContentTree.GroupSize];

    public long Length { get; private set; }

    public long WholeGroups => Length / ContentTree.GroupSize;

    int Rest => (int)(Length % ContentTree.GroupSize);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(bytes.Length, ContentTree.GroupSize - Rest)];
            part.CopyTo(_group.AsSpan(Rest));
            Length += part.Length;
            if (Rest == 0)
            {
                AddHash(_tree, _group, WholeGroups - 1);
            }

            bytes = bytes[part.Length..];
        }
    }

    /// <summary>Counts bytes that need no proof any more; afterwards nothing can be proven.</summary>
    public void Skip(int bytes) => Length += bytes;

    /// <summary>Whether a body has, from its offset on, the bytes that were passed on; reads up to their end. What lies before its offset is taken on trust.</summary>
    /// <exception cref="EndOfStreamException">It ends before.</exception>
    public async Task<bool> IsBeginningAsync(Stream body, long offset, CancellationToken cancellationToken)
    {
        var tree = new ContentTreeBuilder();
        var buffer = new byte[ContentTree.GroupSize];
        for (var group = offset / ContentTree.GroupSize; group < WholeGroups; group++)
        {
            await body.ReadExactlyAsync(buffer, cancellationToken);
            AddHash(tree, buffer, group);
        }

        await body.ReadExactlyAsync(buffer.AsMemory(0, Rest), cancellationToken);
        return (tree.Count == 0 || Same(tree)) && buffer.AsSpan(0, Rest).SequenceEqual(_group.AsSpan(0, Rest));
    }

    /// <summary>Whether a stored content begins with the bytes that were passed on: whole groups by their hashes, the rest byte by byte.</summary>
    public async Task<bool> IsBeginningAsync(IContentReader reader, CancellationToken cancellationToken)
    {
        if (Length > reader.Info.Length)
        {
            return false;
        }

        // An only group has no hash to compare; but then all that was passed on is still here.
        var whole = reader.Info.Length <= ContentTree.GroupSize ? 0 : WholeGroups;
        var tree = new ContentTreeBuilder();
        var hashes = new byte[HashesAtOnce * ContentId.Size];
        for (var group = 0L; group < whole;)
        {
            var block = hashes.AsMemory(0, (int)Math.Min(hashes.Length, (whole - group) * ContentId.Size));
            await FillAsync(reader, ContentArea.Groups, group * ContentId.Size, block, cancellationToken);
            for (var i = 0; i < block.Length; i += ContentId.Size, group++)
            {
                tree.Add(block.Span.Slice(i, ContentId.Size));
            }
        }

        var rest = new byte[Length - (whole * ContentTree.GroupSize)];
        await FillAsync(reader, ContentArea.Data, whole * ContentTree.GroupSize, rest, cancellationToken);
        return (whole == 0 || Same(tree)) && rest.AsSpan().SequenceEqual(_group.AsSpan(0, rest.Length));
    }

    bool Same(ContentTreeBuilder other)
    {
        var (mine, theirs) = (new byte[ContentId.Size], new byte[ContentId.Size]);
        _tree.Finish(mine);
        other.Finish(theirs);
        return mine.AsSpan().SequenceEqual(theirs);
    }

    static void AddHash(ContentTreeBuilder tree, byte[] group, long index)
    {
        Span<byte> hash = stackalloc byte[ContentId.Size];
        ContentTree.HashGroup(group, index, hash);
        tree.Add(hash);
    }

    static async Task FillAsync(IContentReader reader, ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        for (var done = 0; done < buffer.Length;)
        {
            var read = await reader.ReadAsync(area, offset + done, buffer[done..], cancellationToken);
            done += read > 0 ? read : throw new EndOfStreamException("The offline library broke off.");
        }
    }
}
