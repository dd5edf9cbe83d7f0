using System.Numerics;

namespace Sharing.Core;

/// <summary>
/// The chaining values of finished subtrees that wait for their right neighbours. Merging is lazy: only <see cref="Push"/> knows that
/// more follows, and the very last parent carries the ROOT flag, so the last value stays unmerged until <see cref="Fold"/>.
/// </summary>
/// <param name="memory"><see cref="Size"/> bytes that the owner keeps.</param>
/// <param name="count">The values in it.</param>
ref struct ChainingStack(Span<byte> memory, int count)
{
    public const int Size = (Blake3Format.MaxDepth + 1) * Blake3Format.HashSize;

    readonly Span<byte> memory = memory;

    public int Count { get; private set; } = count;

    /// <summary>Merges what is whole, given that <paramref name="leaves"/> leaves came before the one that now follows.</summary>
    public void Merge(ulong leaves)
    {
        var waiting = BitOperations.PopCount(leaves);
        while (Count > waiting)
        {
            var left = Value(Count - 2);
            Blake3Tree.HashParent(left, Value(Count - 1), 0, left);
            Count--;
        }
    }

    /// <summary>Adds a subtree before which <paramref name="leaves"/> leaves came; its own number of leaves divides that.</summary>
    public void Push(ulong leaves, scoped ReadOnlySpan<byte> chainingValue)
    {
        Merge(leaves);
        chainingValue.CopyTo(Value(Count));
        Count++;
    }

    /// <summary>
    /// The root hash (or with 0 as <paramref name="rootFlag"/> the chaining value) over the lowest <paramref name="count"/> values (at least one) and
    /// then <paramref name="last"/>. Changes nothing here.
    /// </summary>
    public readonly void Fold(int count, scoped ReadOnlySpan<byte> last, scoped Span<byte> root, uint rootFlag = Blake3Format.Root)
    {
        Span<byte> right = stackalloc byte[Blake3Format.HashSize];
        last.CopyTo(right);
        while (--count > 0)
        {
            Blake3Tree.HashParent(Value(count), right, 0, right);
        }
        Blake3Tree.HashParent(Value(0), right, rootFlag, root);
    }

    public readonly Span<byte> Value(int index) => memory.Slice(index * Blake3Format.HashSize, Blake3Format.HashSize);
}
