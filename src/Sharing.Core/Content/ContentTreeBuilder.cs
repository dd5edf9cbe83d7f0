namespace Sharing.Core;

/// <summary>Folds the values of a content's groups, given in order, into its root, in about 2 KB however many there are.</summary>
/// <remarks>
/// Not for use by several threads at once. Only the constructor allocates. The values are those of <see cref="ContentTree"/>: a
/// chaining value a group, or the root hash where there is one group. The builder cannot tell the two apart; who adds two values must
/// have made them with <see cref="ContentTree.HashGroup"/>.
/// </remarks>
public sealed class ContentTreeBuilder
{
    readonly byte[] stackMemory = new byte[ChainingStack.Size];
    int stackCount;

    /// <summary>The values added since the start or the last <see cref="Reset"/>.</summary>
    public long Count { get; private set; }

    /// <summary>Adds the value of the next group.</summary>
    /// <param name="chainingValue">Exactly <see cref="Blake3.HashSize"/> bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="chainingValue"/> has another length.</exception>
    public void Add(ReadOnlySpan<byte> chainingValue)
    {
        Blake3.RequireHashSize(chainingValue, nameof(chainingValue));
        var stack = new ChainingStack(stackMemory, stackCount);
        stack.Push((ulong)Count, chainingValue);
        stackCount = stack.Count;
        Count++;
    }

    /// <summary>
    /// Writes the root over all values so far; with one value that value itself. The state stays as it is: more may be added afterwards.
    /// </summary>
    /// <param name="root">Exactly <see cref="Blake3.HashSize"/> bytes, written.</param>
    /// <exception cref="ArgumentException"><paramref name="root"/> has another length.</exception>
    /// <exception cref="InvalidOperationException">Nothing was added; even the empty content has one group.</exception>
    public void Finish(Span<byte> root)
    {
        Blake3.RequireHashSize(root, nameof(root));
        Finish(root, Blake3Format.Root);
    }

    /// <summary>Writes the chaining value over all values so far: they are a subtree of something larger, and the first is where one of its size may begin.</summary>
    internal void FinishSubtree(Span<byte> chainingValue) => Finish(chainingValue, 0);

    void Finish(Span<byte> root, uint rootFlag)
    {
        if (Count == 0)
        {
            throw new InvalidOperationException("No group was added; even the empty content has one.");
        }
        var stack = new ChainingStack(stackMemory, stackCount);
        var last = stack.Value(stackCount - 1);
        if (stackCount == 1)
        {
            last.CopyTo(root);
            return;
        }
        stack.Fold(stackCount - 1, last, root, rootFlag);
    }

    /// <summary>Forgets all values.</summary>
    public void Reset()
    {
        stackCount = 0;
        Count = 0;
    }
}
