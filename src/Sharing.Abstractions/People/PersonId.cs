using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json.Serialization;

namespace Sharing;

/// <summary>Names a person: opaque text that the host chooses, compared by its characters, never parsed.</summary>
/// <remarks>1 to 200 bytes of UTF-8 without control characters. <c>default</c> names nobody and is refused where a person is wanted.</remarks>
[JsonConverter(typeof(ParsableJsonConverter<PersonId>))]
public readonly record struct PersonId : ISpanFormattable, IParsable<PersonId>
{
    /// <summary>The greatest length, in bytes of UTF-8.</summary>
    public const int MaxLength = 200;

    readonly string? _value;

    PersonId(string value) => _value = value;

    /// <summary>The text.</summary>
    /// <exception cref="InvalidOperationException">This is <c>default</c>.</exception>
    public string Value => _value ?? throw new InvalidOperationException("A person id is missing.");

    /// <summary>Whether this is <c>default</c>, which names nobody.</summary>
    public bool IsDefault => _value is null;

    /// <summary>Takes the host's id of a person.</summary>
    /// <exception cref="FormatException">Empty, too long, or with control characters or broken surrogates.</exception>
    public static PersonId Parse(string text) => TryParse(text, out var id)
        ? id
        : throw new FormatException($"A person id is 1 to {MaxLength} bytes of text without control characters.");

    /// <summary>Takes the host's id of a person, or says that it cannot be one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PersonId result)
    {
        result = default;
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength || text.Any(char.IsControl) || !IsWellFormed(text)
            || Encoding.UTF8.GetByteCount(text) > MaxLength)
        {
            return false;
        }

        result = new PersonId(text);
        return true;
    }

    static PersonId IParsable<PersonId>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<PersonId>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out PersonId result) => TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        charsWritten = 0;
        if (!ToString().TryCopyTo(destination))
        {
            return false;
        }

        charsWritten = ToString().Length;
        return true;
    }

    static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var consumed) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            text = text[consumed..];
        }

        return true;
    }
}
