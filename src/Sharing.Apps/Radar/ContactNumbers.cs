using System.Numerics;
using System.Security.Cryptography;

namespace Sharing.Apps;

/// <summary>Numbers for tokens, small and used again where one is forgotten. Not thread-safe.</summary>
/// <remarks>Open addressing with linear probing: 13 to 18 bytes for a token, where a dictionary takes 40. Tokens come from terminals, so where one is put must not be known to them.</remarks>
sealed class ContactNumbers
{
    readonly ulong _odd = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) | 1;
    readonly Stack<int> _free = new();
    ulong[] _tokens = new ulong[1024];
    int[] _slots = new int[1024]; // a number and one; 0: nothing
    int _used;

    /// <summary>How many there are.</summary>
    public int Count => _used - _free.Count;

    /// <summary>All numbers are smaller than this.</summary>
    public int End => _used;

    /// <summary>The number of a token; -1: it has none.</summary>
    public int Find(ulong token) => _slots[SlotOf(token)] - 1;

    /// <summary>The number of a token, which gets one if it has none.</summary>
    public int Add(ulong token)
    {
        var slot = SlotOf(token);
        if (_slots[slot] > 0)
        {
            return _slots[slot] - 1;
        }

        if ((Count + 1) * 4L > _slots.Length * 3L)
        {
            Grow();
            slot = SlotOf(token);
        }

        if (!_free.TryPop(out var number))
        {
            number = _used++;
            if (number == _tokens.Length)
            {
                Array.Resize(ref _tokens, number + (number / 4));
            }
        }

        (_tokens[number], _slots[slot]) = (token, number + 1);
        return number;
    }

    /// <summary>Takes a number from its token.</summary>
    public void Forget(int number)
    {
        var (mask, gap) = (_slots.Length - 1, SlotOf(_tokens[number]));
        for (var slot = (gap + 1) & mask; _slots[slot] > 0; slot = (slot + 1) & mask)
        {
            // What follows moves into the gap, unless it would then stand before the place where it is looked for first.
            if (((slot - FirstOf(_tokens[_slots[slot] - 1])) & mask) >= ((slot - gap) & mask))
            {
                _slots[gap] = _slots[slot];
                gap = slot;
            }
        }

        (_slots[gap], _tokens[number]) = (0, 0);
        _free.Push(number);
    }

    int FirstOf(ulong token) => (int)((token * _odd) >> (64 - BitOperations.Log2((uint)_slots.Length)));

    /// <summary>Where a token is, or where it would be put.</summary>
    int SlotOf(ulong token)
    {
        var slot = FirstOf(token);
        while (_slots[slot] > 0 && _tokens[_slots[slot] - 1] != token)
        {
            slot = (slot + 1) & (_slots.Length - 1);
        }

        return slot;
    }

    void Grow()
    {
        var old = _slots;
        _slots = new int[old.Length * 2];
        foreach (var number in old)
        {
            if (number > 0)
            {
                _slots[SlotOf(_tokens[number - 1])] = number;
            }
        }
    }
}
