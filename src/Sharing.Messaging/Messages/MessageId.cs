using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Sharing.Messaging;

/// <summary>Names a message: 32 lower-case hex digits, chosen at random. It opens nothing by itself.</summary>
[JsonConverter(typeof(ParsableJsonConverter<MessageId>))]
public readonly record struct MessageId : ISpanFormattable, IParsable<MessageId>
{
    const int Digits = 32;

    readonly string? _value;

    MessageId(string value) => _value = value;

    /// <summary>The id as text.</summary>
    public string Value => _value ?? throw new InvalidOperationException("The id of a message is missing.");

    /// <summary>A new id that nobody can guess.</summary>
    public static MessageId New() => new(RandomNumberGenerator.GetHexString(Digits, lowercase: true));

    /// <summary>Reads 32 lower-case hex digits.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static MessageId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"The id of a message is {Digits} lower-case hex digits.");

    /// <summary>Reads 32 lower-case hex digits, or says that it cannot.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out MessageId result)
    {
        var fits = text.Length == Digits && !text.ContainsAnyExcept("0123456789abcdef");
        result = fits ? new(text.ToString()) : default;
        return fits;
    }

    static MessageId IParsable<MessageId>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<MessageId>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out MessageId result) => TryParse(s, out result);

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
