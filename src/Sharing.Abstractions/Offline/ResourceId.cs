using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Sharing;

/// <summary>Names a resource by its address: two shares of one address mean one resource (row R6).</summary>
/// <remarks>The first 32 hex digits of the SHA-256 of the address without its fragment. Opens nothing by itself.</remarks>
[JsonConverter(typeof(ParsableJsonConverter<ResourceId>))]
public readonly record struct ResourceId : ISpanFormattable, IParsable<ResourceId>
{
    const int Digits = 32;

    readonly string? _value;

    ResourceId(string value) => _value = value;

    /// <summary>The id as text.</summary>
    public string Value => _value ?? throw new InvalidOperationException("A resource id is missing.");

    /// <summary>The id of what an address leads to.</summary>
    public static ResourceId Of(Uri address)
    {
        var text = address.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);
        return new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..Digits]);
    }

    /// <summary>Reads 32 lower-case hex digits.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static ResourceId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"A resource id is {Digits} lower-case hex digits.");

    /// <summary>Reads 32 lower-case hex digits, or says that it cannot.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ResourceId result)
    {
        var fits = text.Length == Digits && !text.ContainsAnyExcept("0123456789abcdef");
        result = fits ? new(text.ToString()) : default;
        return fits;
    }

    static ResourceId IParsable<ResourceId>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<ResourceId>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ResourceId result) => TryParse(s, out result);

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
