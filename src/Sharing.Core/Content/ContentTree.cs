namespace Sharing.Core;

/// <summary>
/// The BLAKE3 tree of a content cut at groups of 64 KiB: each group is one node of the tree, so it can be checked by itself, and the
/// root is the plain BLAKE3 hash of the content. Safe from any thread; allocates nothing.
/// </summary>
/// <remarks>
/// The list of groups of a content holds one value a group: its chaining value, or, when there is only one group, its root hash.
/// <see cref="ContentTreeBuilder"/> folds the list into the root. Source: the BLAKE3 paper, section 2.1; bao's chunk groups.
/// </remarks>
public static class ContentTree
{
    /// <summary>Bytes in every group but the last, which may be shorter: 64 chunks of 1,024.</summary>
    public const int GroupSize = ChunksPerGroup * Blake3Format.ChunkSize;

    /// <summary>The most levels that lie above a group: of a content of 2^63 - 1 bytes.</summary>
    internal const int MaxDepth = 47;

    const int ChunksPerGroup = 64;

    /// <summary>The number of groups of a content; 1 for the empty one.</summary>
    /// <param name="length">The content's length in bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    public static long GroupCount(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return length == 0 ? 1 : ((length - 1) / GroupSize) + 1;
    }

    /// <summary>The bytes of one group: <see cref="GroupSize"/>, or 0 to that for the last.</summary>
    /// <param name="length">The content's length in bytes.</param>
    /// <param name="index">The group, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative, or the content has no such group.</exception>
    public static int GroupLength(long length, long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, GroupCount(length));
        return (int)Math.Min(GroupSize, length - (index * GroupSize));
    }

    /// <summary>
    /// The chaining value of a group of a content of several groups: the subtree that begins at chunk 64 * <paramref name="index"/>,
    /// not as a root. The same bytes give another value at another index.
    /// </summary>
    /// <param name="bytes">The whole group, 1 to <see cref="GroupSize"/> bytes.</param>
    /// <param name="index">The group, from 0.</param>
    /// <param name="chainingValue">Exactly <see cref="Blake3.HashSize"/> bytes, written.</param>
    /// <exception cref="ArgumentException">A length is wrong, or the index is negative or beyond the longest content.</exception>
    public static void HashGroup(ReadOnlySpan<byte> bytes, long index, Span<byte> chainingValue)
    {
        if (bytes.IsEmpty)
        {
            throw new ArgumentException("Only an only group may be empty, and that is hashed as a root.", nameof(bytes));
        }
        RequireGroup(bytes);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, long.MaxValue / GroupSize);
        Blake3.RequireHashSize(chainingValue, nameof(chainingValue));
        Blake3Tree.Hash(bytes, (ulong)index * ChunksPerGroup, 0, chainingValue);
    }

    /// <summary>The hash of a content of one group: the ordinary BLAKE3 hash, which is the root.</summary>
    /// <param name="bytes">The whole content, 0 to <see cref="GroupSize"/> bytes.</param>
    /// <param name="root">Exactly <see cref="Blake3.HashSize"/> bytes, written.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public static void HashOnlyGroup(ReadOnlySpan<byte> bytes, Span<byte> root)
    {
        RequireGroup(bytes);
        Blake3.RequireHashSize(root, nameof(root));
        Blake3Tree.Hash(bytes, 0, Blake3Format.Root, root);
    }

    static void RequireGroup(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > GroupSize)
        {
            throw new ArgumentException($"A group has at most {GroupSize} bytes, {bytes.Length} were given.", nameof(bytes));
        }
    }
}
