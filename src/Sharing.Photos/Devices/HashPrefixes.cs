using System.Buffers.Binary;
using System.Numerics;

namespace Sharing.Photos;

/// <summary>A set of hashes in few bytes: the first 64 bits of each, sorted, and of those only how far each is from the one before (Golomb-Rice code). Some six bytes for each of 100,000.</summary>
/// <remarks>The form is in docs/formats/hash-prefixes.md. Two hashes that differ have the same prefix by chance once in 2^64 pairs; only a person's own photos are compared. Thread-safe.</remarks>
public static class HashPrefixes
{
    /// <summary>The most prefixes of a set.</summary>
    public const int Most = 50_000;

    /// <summary>The prefix of a hash.</summary>
    public static ulong Of(ContentId hash)
    {
        Span<byte> bytes = stackalloc byte[ContentId.Size];
        hash.CopyTo(bytes);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    /// <summary>Writes a set.</summary>
    /// <param name="sorted">The prefixes, each once, the least first; at most <see cref="Most"/>.</param>
    /// <exception cref="ArgumentException">They are not.</exception>
    public static byte[] Encode(ReadOnlySpan<ulong> sorted)
    {
        if (sorted.Length > Most)
        {
            throw new ArgumentException($"A set has at most {Most} prefixes.", nameof(sorted));
        }

        var bits = BitsFor(sorted.Length);
        var writer = new BitWriter(8 + (sorted.Length * 7));
        writer.Write((ulong)sorted.Length, 32);
        var before = 0UL;
        for (var i = 0; i < sorted.Length; before = sorted[i++] + 1)
        {
            var gap = i == 0 || (before != 0 && sorted[i] >= before) ? sorted[i] - before : throw new ArgumentException("Prefixes are sorted, each once.", nameof(sorted));
            for (var ones = gap >> bits; ones > 0; ones--)
            {
                writer.Write(1, 1);
            }

            writer.Write(0, 1);
            writer.Write(gap & ((1UL << bits) - 1), bits);
        }

        return writer.ToArray();
    }

    /// <summary>Reads a set.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ulong[] Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new BitReader(bytes);
        var count = reader.Read(32);
        if (count > Most)
        {
            throw new FormatException($"A set has at most {Most} prefixes.");
        }

        var prefixes = new ulong[count];
        var bits = BitsFor(prefixes.Length);
        var before = 0UL;
        for (var i = 0; i < prefixes.Length; i++)
        {
            var ones = 0UL;
            while (reader.Read(1) == 1)
            {
                ones++;
            }

            var (gap, low) = (ones << bits, reader.Read(bits));
            if (ones > ulong.MaxValue >> bits || ulong.MaxValue - before < (gap | low) || (i > 0 && before == 0))
            {
                throw new FormatException("Prefixes have 64 bits.");
            }

            prefixes[i] = before + (gap | low);
            before = unchecked(prefixes[i] + 1);
        }

        return prefixes;
    }

    /// <summary>How many bits of a gap are written as they are: so many that the rest is mostly 0 or 1.</summary>
    static int BitsFor(int count) => Math.Clamp(63 - BitOperations.Log2((uint)Math.Max(1, count)), 1, 63);

    /// <summary>Bits one after the other, the highest of a byte first; up to 63 at once.</summary>
    sealed class BitWriter(int capacity)
    {
        readonly List<byte> _bytes = new(capacity);
        UInt128 _pending;
        int _count;

        public void Write(ulong value, int bits)
        {
            _pending = (_pending << bits) | value;
            for (_count += bits; _count >= 8; _count -= 8)
            {
                _bytes.Add((byte)(_pending >> (_count - 8)));
            }
        }

        public byte[] ToArray()
        {
            if (_count > 0)
            {
                Write(0, 8 - _count);
            }

            return [.. _bytes];
        }
    }

    ref struct BitReader(ReadOnlySpan<byte> bytes)
    {
        readonly ReadOnlySpan<byte> _bytes = bytes;
        long _at;

        public ulong Read(int bits)
        {
            if (_at + bits > _bytes.Length * 8L)
            {
                throw new FormatException("The set ends too soon.");
            }

            var value = 0UL;
            for (var left = bits; left > 0;)
            {
                var within = (int)(_at & 7);
                var rest = _bytes[(int)(_at >> 3)..];
                if (rest.Length >= sizeof(ulong))
                {
                    var some = Math.Min(left, 64 - within);
                    value = (value << some) | ((BinaryPrimitives.ReadUInt64BigEndian(rest) << within) >> (64 - some));
                    (left, _at) = (left - some, _at + some);
                }
                else
                {
                    value = (value << 1) | ((uint)(rest[0] >> (7 - within)) & 1);
                    (left, _at) = (left - 1, _at + 1);
                }
            }

            return value;
        }
    }
}
