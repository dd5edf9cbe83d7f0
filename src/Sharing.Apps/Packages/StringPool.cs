using System.Buffers.Binary;
using System.Text;

namespace Sharing.Apps;

/// <summary>The strings of a binary XML document, decoded when they are asked for, and together no more than <see cref="MostCharacters"/> characters.</summary>
/// <remarks>Strings may overlap, so a small file could hold terabytes of them: that is what the bound is for.</remarks>
sealed class StringPool
{
    /// <summary>Of one chunk's header.</summary>
    public const int HeaderSize = 28;

    /// <summary>All that one document may decode to.</summary>
    public const int MostCharacters = 4 << 20;

    const uint Utf8 = 0x100;
    readonly ReadOnlyMemory<byte> _chunk;
    readonly string?[] _decoded;
    readonly int _offsets, _strings;
    readonly bool _utf8;
    int _left = MostCharacters;

    public StringPool(ReadOnlyMemory<byte> chunk)
    {
        var span = chunk.Span;
        var header = BinaryPrimitives.ReadUInt16LittleEndian(span[2..]);
        if (header < HeaderSize || header > span.Length)
        {
            throw Fault();
        }

        var (count, flags, strings) = (Long(span, 8), Long(span, 16), Long(span, 20));
        if (count > (span.Length - header) / 4 || strings > span.Length)
        {
            throw Fault();
        }

        (_chunk, _offsets, _strings, _utf8, _decoded) = (chunk, header, (int)strings, (flags & Utf8) != 0, new string?[count]);
    }

    /// <summary>The string of an index; empty where there is none.</summary>
    /// <exception cref="PackageFormatException">It does not lie in the pool, or too much was decoded.</exception>
    public string this[uint index]
    {
        get
        {
            if (index >= _decoded.Length)
            {
                return "";
            }

            return _decoded[index] ??= Decode((int)index);
        }
    }

    string Decode(int index)
    {
        var offset = Long(_chunk.Span, _offsets + (4 * index));
        var text = offset > _chunk.Length - _strings ? null : Decode(_chunk.Span[(_strings + (int)offset)..], _utf8, _left);
        _left -= text?.Length ?? 0;
        return text ?? throw Fault();
    }

    /// <summary>Decodes the string at a place; <c>null</c>: it does not fit in what is given, or into <paramref name="most"/> characters.</summary>
    public static string? Decode(ReadOnlySpan<byte> at, bool utf8, int most)
    {
        var (used, length) = utf8 ? ByteLengths(at) : WordLength(at);
        if (used < 0 || length > at.Length - used || length > (utf8 ? most : 2L * most))
        {
            return null;
        }

        return (utf8 ? Encoding.UTF8 : Encoding.Unicode).GetString(at.Slice(used, (int)length));
    }

    /// <summary>Characters, then bytes, each in one byte or two.</summary>
    static (int Used, long Length) ByteLengths(ReadOnlySpan<byte> at)
    {
        var used = at.Length > 0 && (at[0] & 0x80) != 0 ? 2 : 1;
        if (at.Length < used + 2)
        {
            return at.Length == used + 1 && (at[used] & 0x80) == 0 ? (used + 1, at[used]) : (-1, 0);
        }

        return (at[used] & 0x80) != 0 ? (used + 2, ((at[used] & 0x7f) << 8) | at[used + 1]) : (used + 1, at[used]);
    }

    static (int Used, long Length) WordLength(ReadOnlySpan<byte> at)
    {
        if (at.Length < 4)
        {
            return at.Length >= 2 && at[0] == 0 && at[1] == 0 ? (2, 0) : (-1, 0);
        }

        var first = BinaryPrimitives.ReadUInt16LittleEndian(at);
        return (first & 0x8000) == 0 ? (2, 2L * first) : (4, 2L * (((first & 0x7fff) << 16) | BinaryPrimitives.ReadUInt16LittleEndian(at[2..])));
    }

    static uint Long(ReadOnlySpan<byte> at, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(at[offset..]);

    static PackageFormatException Fault() => new(PackageFault.Manifest, "The manifest's strings are damaged.");
}
