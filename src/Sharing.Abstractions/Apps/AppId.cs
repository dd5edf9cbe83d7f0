using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Sharing;

/// <summary>Names an app on its platform: an Android package name (<c>org.example.player</c>), a Debian package (<c>vlc</c>), an iOS bundle id.</summary>
/// <remarks>1 to 255 of the characters <c>A–Z a–z 0–9 . _ + -</c>, the first a letter or digit: nothing that looks like something else, nothing that a path would follow.
/// Compared by its characters. <c>default</c> names none and is refused where an app is wanted.</remarks>
[JsonConverter(typeof(ParsableJsonConverter<AppId>))]
public readonly record struct AppId : ISpanFormattable, IParsable<AppId>
{
    /// <summary>The greatest length.</summary>
    public const int MaxLength = 255;

    readonly string? _value;

    AppId(string value) => _value = value;

    /// <summary>The text.</summary>
    /// <exception cref="InvalidOperationException">This is <c>default</c>.</exception>
    public string Value => _value ?? throw new InvalidOperationException("An app id is missing.");

    /// <summary>Whether this is <c>default</c>, which names none.</summary>
    public bool IsDefault => _value is null;

    /// <summary>Takes an id.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static AppId Parse(string text) => TryParse(text, out var id)
        ? id
        : throw new FormatException($"An app id is 1 to {MaxLength} of the characters A-Z a-z 0-9 . _ + -, the first a letter or digit.");

    /// <summary>Takes an id, or says that it is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AppId result)
    {
        var good = text is { Length: > 0 and <= MaxLength } && char.IsAsciiLetterOrDigit(text[0])
            && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '+' or '-');
        result = good ? new(text!) : default;
        return good;
    }

    static AppId IParsable<AppId>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<AppId>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out AppId result) => TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        charsWritten = ToString().TryCopyTo(destination) ? ToString().Length : 0;
        return charsWritten == ToString().Length;
    }
}
