using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Sharing.P2P;

/// <summary>Names a share, and opens it for whoever holds its link: 32 lower-case hex digits, chosen at random, so that it cannot be guessed.</summary>
[JsonConverter(typeof(ParsableJsonConverter<ShareId>))]
public readonly record struct ShareId : ISpanFormattable, IParsable<ShareId>
{
    const int Digits = 32;

    readonly string? _value;

    ShareId(string value) => _value = value;

    /// <summary>The id as text.</summary>
    public string Value => _value ?? throw new InvalidOperationException("A share id is missing.");

    /// <summary>A new id that nobody can guess.</summary>
    public static ShareId New() => new(RandomNumberGenerator.GetHexString(Digits, lowercase: true));

    /// <summary>Reads 32 lower-case hex digits.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static ShareId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"A share id is {Digits} lower-case hex digits.");

    /// <summary>Reads 32 lower-case hex digits, or says that it cannot.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ShareId result)
    {
        var fits = text.Length == Digits && !text.ContainsAnyExcept("0123456789abcdef");
        result = fits ? new(text.ToString()) : default;
        return fits;
    }

    static ShareId IParsable<ShareId>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<ShareId>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ShareId result) => TryParse(s, out result);

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
