using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sharing.Apps;

/// <summary>Counts, for one book, how many of its contacts each other person holds (ScanCount). Not thread-safe: one for each thread.</summary>
/// <remarks>The counters are never cleared: those of the next book begin above all that this one can reach, so what an earlier one left counts as nothing. Memory is what takes time: first
/// all lists are looked up, then all their beginnings, so that the processor waits for many at once.</remarks>
sealed class OverlapCounter
{
    uint[] _counters = [];
    uint _base;
    uint _longest;
    HolderLists.Held[] _lists = [];
    int[] _found = new int[64];
    int _foundCount;

    /// <summary>Those who were found, in no order.</summary>
    public ReadOnlySpan<int> Found => _found.AsSpan(0, _foundCount);

    /// <summary>How many contacts one who was found shares.</summary>
    public int SharedWith(int person) => (int)(_counters[person] - _base);

    /// <summary>Finds who shares at least so many contacts with a book.</summary>
    /// <param name="book">The book.</param>
    /// <param name="holders">Who holds what.</param>
    /// <param name="people">How many people there are.</param>
    /// <param name="before">Only people with smaller numbers than this one.</param>
    /// <param name="least">So many; at least 1.</param>
    /// <param name="mostHolders">Contacts that more people hold count for nothing; 0: all count.</param>
    public void Count(PackedBook book, HolderLists holders, int people, int before, int least, int mostHolders)
    {
        Begin(book.Count, people);
        ref var counters = ref MemoryMarshal.GetArrayDataReference(_counters);
        var (from, found) = (_base, _base + (uint)least);
        foreach (ref readonly var list in Lists(book, holders, before, mostHolders))
        {
            ref var holder = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(list.Page), list.Offset);
            for (var i = 0; i < list.Count; i++)
            {
                var person = Unsafe.Add(ref holder, i);
                if (person >= before)
                {
                    break; // they come in rising order
                }

                ref var counter = ref Unsafe.Add(ref counters, person);
                counter = Math.Max(counter, from) + 1;
                if (counter == found)
                {
                    Find(person);
                }
            }
        }
    }

    /// <summary>The lists that count, but for those that begin too late.</summary>
    ReadOnlySpan<HolderLists.Held> Lists(PackedBook book, HolderLists holders, int before, int mostHolders)
    {
        if (_lists.Length < book.Count)
        {
            _lists = new HolderLists.Held[Math.Max(256, book.Count * 2)];
        }

        var all = 0;
        foreach (var contact in book)
        {
            var list = holders.HeldBy(contact);
            if (mostHolders == 0 || list.Count <= mostHolders)
            {
                _lists[all++] = list;
            }
        }

        var some = 0;
        for (var i = 0; i < all; i++)
        {
            if (_lists[i].Page[_lists[i].Offset] < before)
            {
                _lists[some++] = _lists[i];
            }
        }

        return _lists.AsSpan(0, some);
    }

    void Begin(int size, int people)
    {
        // Whatever the last book reached is at most what it was long.
        if (_counters.Length < people || _base > uint.MaxValue - (2 * (uint)size) - _longest)
        {
            (_counters, _base) = (new uint[people + (people / 4)], 0);
        }
        else
        {
            _base += _longest;
        }

        (_longest, _foundCount) = ((uint)size + 1, 0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    void Find(int person)
    {
        if (_foundCount == _found.Length)
        {
            Array.Resize(ref _found, _found.Length * 2);
        }

        _found[_foundCount++] = person;
    }
}
