using System.Numerics;

namespace Sharing.Apps;

/// <summary>For each contact who holds it, in rising order: lists of numbers in pages, without an object for each. Not thread-safe.</summary>
/// <remarks>A list has a block of a power of two in a page of a million numbers (a longer one has a page of its own); one that grows moves to a block of twice the size, and its old block
/// is used again by the next list that needs one of that size.</remarks>
sealed class HolderLists
{
    const int PageBits = 20;

    readonly List<int[]> _pages = [new int[1 << PageBits]];
    readonly Stack<Block>[] _free = [.. Enumerable.Range(0, 32).Select(static _ => new Stack<Block>())];
    List[] _lists = [];
    int _page;
    int _used;

    public int CountOf(int contact) => contact < _lists.Length ? _lists[contact].Count : 0;

    /// <summary>Who holds a contact that somebody holds.</summary>
    public Held HeldBy(int contact)
    {
        ref readonly var list = ref _lists[contact];
        return new(_pages[list.Block.Page], list.Block.Offset, list.Count);
    }

    /// <summary>Makes room for lists of these lengths, and not more.</summary>
    public void Reserve(ReadOnlySpan<int> sizes)
    {
        Array.Resize(ref _lists, Math.Max(_lists.Length, sizes.Length));
        for (var contact = 0; contact < sizes.Length; contact++)
        {
            if (sizes[contact] > _lists[contact].Block.Size)
            {
                Move(ref _lists[contact], sizes[contact]);
            }
        }
    }

    /// <summary>Adds a holder whom the list does not have.</summary>
    public void Add(int contact, int holder)
    {
        if (contact >= _lists.Length)
        {
            Array.Resize(ref _lists, Math.Max(contact + 1, Math.Max(1024, _lists.Length + (_lists.Length / 2))));
        }

        ref var list = ref _lists[contact];
        if (list.Count == list.Block.Size)
        {
            Move(ref list, (int)BitOperations.RoundUpToPowerOf2((uint)list.Count + 1));
        }

        var all = _pages[list.Block.Page].AsSpan(list.Block.Offset, list.Count + 1);
        var at = list.Count > 0 && all[list.Count - 1] > holder ? ~all[..list.Count].BinarySearch(holder) : list.Count;
        all[at..list.Count].CopyTo(all[(at + 1)..]);
        all[at] = holder;
        list.Count++;
    }

    /// <summary>Takes a holder off a list that has him.</summary>
    public void Remove(int contact, int holder)
    {
        ref var list = ref _lists[contact];
        var all = _pages[list.Block.Page].AsSpan(list.Block.Offset, list.Count);
        var at = all.BinarySearch(holder);
        all[(at + 1)..].CopyTo(all[at..]);
        all[^1] = 0;
        if (--list.Count == 0)
        {
            _free[BitOperations.Log2((uint)list.Block.Size)].Push(list.Block);
            list = default;
        }
    }

    void Move(ref List list, int size)
    {
        var block = Take(size);
        if (list.Count > 0)
        {
            var old = _pages[list.Block.Page].AsSpan(list.Block.Offset, list.Count);
            old.CopyTo(_pages[block.Page].AsSpan(block.Offset));
            old.Clear();
            _free[BitOperations.Log2((uint)list.Block.Size)].Push(list.Block);
        }

        list.Block = block;
    }

    Block Take(int size)
    {
        // What lies there has at least the power of two below: enough for those who ask for one.
        if (BitOperations.IsPow2(size) && _free[BitOperations.Log2((uint)size)].TryPop(out var free))
        {
            return free;
        }

        if (size > 1 << PageBits)
        {
            _pages.Add(new int[size]);
            return new(_pages.Count - 1, 0, size);
        }

        if (_used + size > 1 << PageBits)
        {
            _pages.Add(new int[1 << PageBits]);
            (_page, _used) = (_pages.Count - 1, 0);
        }

        _used += size;
        return new(_page, _used - size, size);
    }

    /// <summary>A list as it lies in its page.</summary>
    public readonly record struct Held(int[] Page, int Offset, int Count);

    /// <param name="Place">The page, and the offset in it: one number, for there are as many blocks as contacts.</param>
    /// <param name="Size">So many fit in.</param>
    readonly record struct Block(uint Place, int Size)
    {
        public Block(int page, int offset, int size)
            : this(((uint)page << PageBits) | (uint)offset, size)
        {
        }

        public int Page => (int)(Place >> PageBits);

        public int Offset => (int)(Place & ((1 << PageBits) - 1));
    }

    struct List
    {
        public Block Block;
        public int Count;
    }
}
