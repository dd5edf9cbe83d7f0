using System.Numerics;

namespace Sharing.Core;

/// <summary>Proves one group of a content alone against its id: 32 bytes for each level of the tree above it, and nothing to trust in whoever sends them.</summary>
/// <remarks>
/// Safe from any thread. A proof is the chaining values of the subtrees beside the way from the group up to the root, the lowest first. Which of them lie
/// left and which right follows from the group's number and the content's length; neither is taken from the proof. An only group needs no proof: it is of
/// no bytes. A content's length is not part of its id: of a length that nobody vouches for, only the last group's proof shows that it is right, since another
/// length has another last group. Format: docs/formats/content.md. Source: the BLAKE3 paper, section 2.1; bao's specification, "slices".
/// </remarks>
public static class GroupProof
{
    /// <summary>The length in bytes of a group's proof: 0 to 1,504, about 32 * log2 of the number of groups.</summary>
    /// <param name="contentLength">The content's length in bytes.</param>
    /// <param name="group">The group, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative, or the content has no such group.</exception>
    public static int GetLength(long contentLength, long group) => Steps(RequireGroup(contentLength, group), group, []) * ContentId.Size;

    /// <summary>Makes a group's proof from the content's list of group hashes, of which it reads all but the group's own.</summary>
    /// <param name="reader">The content.</param>
    /// <param name="group">The group, from 0.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentOutOfRangeException">The content has no such group.</exception>
    /// <exception cref="EndOfStreamException">The list is shorter than the content needs.</exception>
    public static async ValueTask<byte[]> MakeAsync(IContentReader reader, long group, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var count = RequireGroup(reader.Info.Length, group);
        var steps = new Subtree[ContentTree.MaxDepth];
        var proof = new byte[Steps(count, group, steps) * ContentId.Size];
        var (tree, buffer) = (new ContentTreeBuilder(), new byte[(int)Math.Min(GroupHashes.Block, count * ContentId.Size)]);
        for (var at = 0; at < proof.Length / ContentId.Size; at++)
        {
            for (tree.Reset(); tree.Count < steps[at].Count;)
            {
                var hashes = buffer.AsMemory(0, (int)Math.Min(buffer.Length, (steps[at].Count - tree.Count) * ContentId.Size));
                if (await reader.ReadUpToAsync(ContentArea.Groups, (steps[at].First + tree.Count) * ContentId.Size, hashes, cancellationToken) < hashes.Length)
                {
                    throw new EndOfStreamException("The list of group hashes is shorter than the content.");
                }

                GroupHashes.Add(tree, hashes.Span);
            }

            tree.FinishSubtree(proof.AsSpan(at * ContentId.Size, ContentId.Size));
        }

        return proof;
    }

    /// <summary>Whether these bytes are that group of that content. Allocates nothing.</summary>
    /// <param name="content">The id, and the length as it is believed.</param>
    /// <param name="group">The group, from 0.</param>
    /// <param name="bytes">The whole group.</param>
    /// <param name="proof">What <see cref="MakeAsync"/> made; from anybody.</param>
    /// <returns><c>false</c>: the bytes, their number, the group's number or the proof is wrong, or the length is and it is the last group.</returns>
    public static bool Verify(ContentInfo content, long group, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> proof)
    {
        if (content.Length < 0 || group < 0 || group >= ContentTree.GroupCount(content.Length) || bytes.Length != ContentTree.GroupLength(content.Length, group))
        {
            return false;
        }

        var count = ContentTree.GroupCount(content.Length);
        Span<byte> hash = stackalloc byte[ContentId.Size];
        if (count == 1)
        {
            ContentTree.HashOnlyGroup(bytes, hash);
            return proof.IsEmpty && content.Id == new ContentId(hash);
        }

        Span<Subtree> steps = stackalloc Subtree[ContentTree.MaxDepth];
        var depth = Steps(count, group, steps);
        if (proof.Length != depth * ContentId.Size)
        {
            return false;
        }

        ContentTree.HashGroup(bytes, group, hash);
        for (var at = 0; at < depth; at++)
        {
            var beside = proof.Slice(at * ContentId.Size, ContentId.Size);
            var flag = at == depth - 1 ? Blake3Format.Root : 0;
            if (steps[at].First > group)
            {
                Blake3Tree.HashParent(hash, beside, flag, hash);
            }
            else
            {
                Blake3Tree.HashParent(beside, hash, flag, hash);
            }
        }

        return content.Id == new ContentId(hash);
    }

    static long RequireGroup(long contentLength, long group)
    {
        _ = ContentTree.GroupLength(contentLength, group);
        return ContentTree.GroupCount(contentLength);
    }

    /// <summary>The subtrees beside the way from a group up to the root, the lowest first, as far as there is room for them.</summary>
    /// <returns>How many there are.</returns>
    static int Steps(long count, long group, Span<Subtree> steps)
    {
        var (depth, at) = (0, 0L);
        Span<Subtree> down = stackalloc Subtree[ContentTree.MaxDepth];
        while (count > 1)
        {
            var left = 1L << (63 - BitOperations.LeadingZeroCount((ulong)count - 1)); // the largest power of two below
            if (group - at < left)
            {
                down[depth++] = new(at + left, count - left);
                count = left;
            }
            else
            {
                down[depth++] = new(at, left);
                (at, count) = (at + left, count - left);
            }
        }

        if (!steps.IsEmpty)
        {
            down[..depth].CopyTo(steps);
            steps[..depth].Reverse();
        }

        return depth;
    }

    /// <summary>A subtree: its first group, and how many it has.</summary>
    readonly record struct Subtree(long First, long Count);
}
