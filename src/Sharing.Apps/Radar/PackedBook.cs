namespace Sharing.Apps;

/// <summary>The numbers of a book's contacts in rising order, each as its distance from the one before: about half the room of an array. Immutable.</summary>
readonly struct PackedBook
{
    readonly byte[]? _bytes;

    /// <param name="sorted">The numbers, each once.</param>
    public PackedBook(ReadOnlySpan<int> sorted)
    {
        Count = sorted.Length;
        Span<byte> packed = sorted.Length <= 200 ? stackalloc byte[sorted.Length * 5] : new byte[sorted.Length * 5];
        var (length, before) = (0, 0);
        foreach (var number in sorted)
        {
            var distance = (uint)(number - before);
            for (; distance > 0x7F; distance >>= 7)
            {
                packed[length++] = (byte)(distance | 0x80);
            }

            packed[length++] = (byte)distance;
            before = number;
        }

        _bytes = packed[..length].ToArray();
    }

    /// <summary>How many.</summary>
    public int Count { get; }

    public Enumerator GetEnumerator() => new(_bytes);

    /// <summary>Whether a number is in it.</summary>
    public bool Contains(int wanted)
    {
        foreach (var number in this)
        {
            if (number >= wanted)
            {
                return number == wanted;
            }
        }

        return false;
    }

    /// <summary>Reads them one after the other.</summary>
    public struct Enumerator(byte[]? bytes)
    {
        readonly byte[] _bytes = bytes ?? [];
        int _at;

        public int Current { get; private set; }

        public bool MoveNext()
        {
            if (_at == _bytes.Length)
            {
                return false;
            }

            uint distance = _bytes[_at++];
            if (distance > 0x7F)
            {
                distance &= 0x7F;
                for (var shift = 7; ; shift += 7)
                {
                    uint more = _bytes[_at++];
                    distance |= (more & 0x7F) << shift;
                    if (more <= 0x7F)
                    {
                        break;
                    }
                }
            }

            Current += (int)distance;
            return true;
        }
    }
}
