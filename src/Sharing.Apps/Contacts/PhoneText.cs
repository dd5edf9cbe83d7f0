using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Sharing.Apps;

/// <summary>A telephone number as somebody wrote it, taken apart: its digits, and whether a plus says that they begin with a country.</summary>
/// <param name="Digits">ASCII digits, at least two.</param>
/// <param name="International">Whether a plus stands before them.</param>
readonly partial record struct PhoneText(string Digits, bool International)
{
    const string Keypad = "22233344455566677778889999"; // A to Z

    // RFC 3966, 5.1.5
    const string Context = ";phone-context=";

    /// <summary>Reads what was written; <c>null</c>: it is no number.</summary>
    public static PhoneText? Read(string contact)
    {
        var text = Fold(contact);
        if (text.StartsWith("tel:", StringComparison.OrdinalIgnoreCase))
        {
            text = OfUri(text["tel:".Length..]);
        }

        var start = text.AsSpan().IndexOfAny("+0123456789");
        if (start < 0)
        {
            return null;
        }

        text = WithoutExtension(text[start..]);
        var plus = text.AsSpan().IndexOfAnyExcept('+', ' ');
        if (plus < 0)
        {
            return null;
        }

        return DigitsOf(text.AsSpan(plus)) is { Length: > 1 } digits ? new(digits, text[0] == '+') : null;
    }

    /// <summary>The number of a link: with the country of its context, without its other parameters.</summary>
    static string OfUri(string link)
    {
        var context = link.IndexOf(Context, StringComparison.OrdinalIgnoreCase);
        var end = link.IndexOf(';', StringComparison.Ordinal);
        var number = end < 0 ? link : link[..end];
        if (context < 0 || number.StartsWith('+'))
        {
            return number;
        }

        var of = link[(context + Context.Length)..];
        return of.StartsWith('+') ? of.Split(';')[0] + number : number;
    }

    /// <summary>Digits of any script and full-width characters as ASCII; any space and any dash as one; nothing that cannot be seen.</summary>
    static string Fold(string contact)
    {
        var text = new StringBuilder(contact.Length);
        foreach (var rune in contact.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.DecimalDigitNumber)
            {
                text.Append((char)('0' + (int)Rune.GetNumericValue(rune)));
            }
            else if (category is not UnicodeCategory.Format and not UnicodeCategory.NonSpacingMark)
            {
                text.Append(Ascii(rune, category));
            }
        }

        return text.ToString().Trim();
    }

    static char Ascii(Rune rune, UnicodeCategory category) => rune.Value switch
    {
        < 0x20 => ' ',
        < 0x7F => (char)rune.Value,
        >= 0xFF01 and <= 0xFF5E => (char)(rune.Value - 0xFEE0),
        0x2212 or 0x30FC or 0xFF70 => '-', // minus, and what Japanese keyboards write for a dash
        0x2044 or 0x2215 => '/',
        0x00B7 or 0x2022 or 0x3002 => '.',
        _ when category is UnicodeCategory.DashPunctuation => '-',
        _ when category is UnicodeCategory.SpaceSeparator or UnicodeCategory.Control => ' ',
        _ => Rune.IsLetter(rune) && rune.IsBmp ? (char)rune.Value : '\uFFFD',
    };

    static string WithoutExtension(string text)
    {
        var end = Extension().Match(text);
        return end.Success ? text[..end.Index] : text;
    }

    /// <summary>The digits, letters by the keypad where there are at least three of both; <c>null</c> where something else stands between them.</summary>
    static string? DigitsOf(ReadOnlySpan<char> text)
    {
        text = text[..(text.LastIndexOfAny("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") + 1)];
        var (letters, before) = (0, 0);
        foreach (var c in text)
        {
            before += letters == 0 && char.IsAsciiDigit(c) ? 1 : 0;
            letters += char.IsAsciiLetter(c) ? 1 : 0;
            if (!char.IsAsciiLetterOrDigit(c) && !" -()[]./~*".Contains(c, StringComparison.Ordinal))
            {
                return null;
            }
        }

        if (letters >= 3 && before < 3)
        {
            return null; // words
        }

        var digits = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c))
            {
                digits.Append(c);
            }
            else if (letters >= 3 && char.IsAsciiLetter(c))
            {
                digits.Append(Keypad[(c | 0x20) - 'a']);
            }
        }

        return digits.ToString();
    }

    // Behind at least three digits: "ext. 12", "x12", ";ext=12", "#12", ", 12", "доб. 12"; or another number behind a slash.
    [GeneratedRegex(@"(?<=(?:\d\D*?){3}) *(?:[;,]? *(?:ext(?:ensio|ensión)?n?|xtn?|x|int|anexo|app|dw|klappe|доб)\.? *[:=]? *|#+ *|~ *|[;,]+ *)\d{1,9}#?\W*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Extension();
}
