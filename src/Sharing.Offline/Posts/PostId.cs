using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Sharing;

namespace Sharing.Offline;

/// <summary>Names a post: 32 lower-case hex digits, at least 20 of them (80 bits) chosen at random, so that it cannot be guessed.</summary>
[JsonConverter(typeof(ParsableJsonConverter<PostId>))]
public readonly record struct PostId : ISpanFormattable, IParsable<PostId>
{
    const int Digits = 32;

    readonly string? _value;

    PostId(string value) => _value = value;

    /// <summary>The id as text.</summary>
    public string Value => _value ?? throw new InvalidOperationException("A post id is missing.");

    /// <summary>A new id that nobody can guess.</summary>
    public static PostId New() => new(RandomNumberGenerator.GetHexString(Digits, lowercase: true));

    /// <summary>A new id that nobody can guess, and that lies behind those made before it: 12 digits of the time in milliseconds (as RFC 9562 has it in UUIDs of version 7), 20 at random.
    /// What is made together lies together in the records, and is written and read together.</summary>
    public static PostId New(DateTimeOffset at) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{at.ToUnixTimeMilliseconds() & 0xffff_ffff_ffff:x12}{RandomNumberGenerator.GetHexString(Digits - 12, lowercase: true)}"));

    /// <summary>Reads 32 lower-case hex digits.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static PostId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"A post id is {Digits} lower-case hex digits.");

    /// <summary>Reads 32 lower-case hex digits, or says that it cannot.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out PostId result)
    {
        var fits = text.Length == Digits && !text.ContainsAnyExcept("0123456789abcdef");
        result = fits ? new(text.ToString()) : default;
        return fits;
    }

    static PostId IParsable<PostId>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<PostId>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out PostId result) => TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var fits = ToString().TryCopyTo(destination);
        charsWritten = fits ? ToString().Length : 0;
        return fits;
    }
}
