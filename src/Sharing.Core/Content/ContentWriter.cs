namespace Sharing.Core;

/// <summary>Writes a content from front to back into a partial content, and hashes it on the way.</summary>
/// <remarks>Not for use by several threads at once. Holds 8 KiB of hashes back, and of the bytes nothing.</remarks>
public sealed class ContentWriter(IPartialContent partial)
{
    const int MostHashes = 256;

    readonly ContentTreeBuilder _tree = new();
    readonly byte[] _hashes = new byte[MostHashes * ContentId.Size];
    readonly byte[] _root = new byte[ContentId.Size]; // of the first group, should it stay the only one
    int _held;
    long _written;
    bool _ended;

    /// <summary>The bytes appended.</summary>
    public long Length { get; private set; }

    /// <summary>Adds bytes to the end: whole groups (<see cref="ContentTree.GroupSize"/>), but for the last call.</summary>
    /// <exception cref="InvalidOperationException">An earlier call ended within a group.</exception>
    public async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        if (_ended && !bytes.IsEmpty)
        {
            throw new InvalidOperationException("Only the last bytes may end within a group.");
        }

        _ended = bytes.Length % ContentTree.GroupSize != 0;
        await partial.WriteAsync(ContentArea.Data, Length, bytes, cancellationToken);
        if (Length == 0 && bytes.Length <= ContentTree.GroupSize)
        {
            ContentTree.HashOnlyGroup(bytes.Span, _root);
        }

        for (var offset = 0; offset < bytes.Length && Length + bytes.Length >= ContentTree.GroupSize; offset += ContentTree.GroupSize)
        {
            if (_held == MostHashes)
            {
                await WriteHashesAsync(cancellationToken);
            }

            Hash(bytes.Span[offset..Math.Min(bytes.Length, offset + ContentTree.GroupSize)]);
        }

        Length += bytes.Length;
    }

    /// <summary>Writes what is left of the hashes.</summary>
    /// <returns>What the partial may be published as.</returns>
    public async Task<ContentInfo> FinishAsync(CancellationToken cancellationToken = default)
    {
        if (Length > ContentTree.GroupSize)
        {
            await WriteHashesAsync(cancellationToken);
            return new(GroupHashes.Fold(_tree), Length);
        }

        if (Length == 0)
        {
            ContentTree.HashOnlyGroup([], _root);
        }

        return new(new(_root), Length);
    }

    void Hash(ReadOnlySpan<byte> group)
    {
        var hash = _hashes.AsSpan(_held * ContentId.Size, ContentId.Size);
        ContentTree.HashGroup(group, _tree.Count, hash);
        _tree.Add(hash);
        _held++;
    }

    async Task WriteHashesAsync(CancellationToken cancellationToken)
    {
        var hashes = _hashes.AsMemory(0, _held * ContentId.Size);
        await partial.WriteAsync(ContentArea.Groups, _written, hashes, cancellationToken);
        _written += hashes.Length;
        _held = 0;
    }
}
