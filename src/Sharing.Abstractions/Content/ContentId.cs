using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Sharing;

/// <summary>The name of a content: its BLAKE3 hash, 32 bytes, printed as 64 lower-case hex digits, as <c>b3sum</c> prints it.</summary>
/// <remarks>A hash is a name, never a right: knowing it opens nothing. <c>default</c> names nothing and is refused where an id is wanted.</remarks>
[JsonConverter(typeof(ParsableJsonConverter<ContentId>))]
public readonly record struct ContentId : ISpanFormattable, IParsable<ContentId>
{
    /// <summary>Bytes in an id.</summary>
    public const int Size = 32;

    readonly ulong _a, _b, _c, _d;

    /// <summary>Takes the 32 bytes of a hash.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes, or all zero.</exception>
    public ContentId(ReadOnlySpan<byte> hash)
    {
        if (hash.Length != Size)
        {
            throw new ArgumentException($"A content id has {Size} bytes, not {hash.Length}.", nameof(hash));
        }

        _a = BinaryPrimitives.ReadUInt64BigEndian(hash);
        _b = BinaryPrimitives.ReadUInt64BigEndian(hash[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(hash[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(hash[24..]);
        if (IsDefault)
        {
            throw new ArgumentException("A content id is never all zero.", nameof(hash));
        }
    }

    /// <summary>Whether this is <c>default</c>, which names nothing.</summary>
    public bool IsDefault => (_a | _b | _c | _d) == 0;

    /// <summary>Writes the 32 bytes of the hash.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than 32 bytes.</exception>
    public void CopyTo(Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, Size);
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _d);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{_a:x16}{_b:x16}{_c:x16}{_d:x16}";

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        destination.TryWrite(provider, $"{_a:x16}{_b:x16}{_c:x16}{_d:x16}", out charsWritten);

    /// <summary>Reads 64 lower-case hex digits.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static ContentId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException("A content id is 64 lower-case hex digits.");

    /// <summary>Reads 64 lower-case hex digits, or says that it cannot.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ContentId result)
    {
        result = default;
        Span<byte> hash = stackalloc byte[Size];
        if (text.Length != 2 * Size || text.ContainsAnyInRange('A', 'F')
            || Convert.FromHexString(text, hash, out _, out _) != System.Buffers.OperationStatus.Done
            || !hash.ContainsAnyExcept((byte)0))
        {
            return false;
        }

        result = new ContentId(hash);
        return true;
    }

    static ContentId IParsable<ContentId>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<ContentId>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ContentId result) => TryParse(s, out result);
}
