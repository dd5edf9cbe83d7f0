using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sharing.Apps;

/// <summary>The one spelling of an e-mail address: NFKC and lower case, the domain in its ASCII form (IDNA).</summary>
static class EmailAddress
{
    const string Scheme = "mailto:";
    const int MostOfLocal = 64, Most = 254;

    static readonly SearchValues<char> s_notLocal = SearchValues.Create(" \"(),:;<>@[\\]");

    static readonly IdnMapping s_idn = new() { AllowUnassigned = false, UseStd3AsciiRules = true };

    public static string? Normalize(string contact)
    {
        if (Fold(Bare(Visible(contact))) is not { } folded)
        {
            return null;
        }

        var at = folded.LastIndexOf('@');
        var local = folded.AsSpan(0, Math.Max(at, 0));
        if (local.Length is 0 or > MostOfLocal || local.ContainsAny(s_notLocal) || !HasLetterOrDigit(local) || HasSpace(local))
        {
            return null;
        }

        return Domain(folded[(at + 1)..]) is { } domain && at + 1 + domain.Length <= Most ? $"{local}@{domain}" : null;
    }

    /// <summary>Without what cannot be seen (bidi marks, zero-width characters), and without halves of characters.</summary>
    static string Visible(string contact)
    {
        var text = new StringBuilder(contact.Length);
        foreach (var rune in contact.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is not UnicodeCategory.Format)
            {
                text.Append(rune.ToString());
            }
        }

        return text.ToString().Trim();
    }

    /// <summary>Without the scheme of a link, and without the name in front of an address in angle brackets.</summary>
    static string Bare(string text)
    {
        if (text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            var query = text.IndexOf('?', StringComparison.Ordinal);
            text = Uri.UnescapeDataString(text[Scheme.Length..(query < 0 ? text.Length : query)]);
        }

        var open = text.LastIndexOf('<');
        return (open >= 0 && text.EndsWith('>') ? text[(open + 1)..^1] : text).Trim();
    }

    /// <summary>NFKC and lower case, again until neither changes anything; <c>null</c> where that has no end, or something is no text.</summary>
    static string? Fold(string text)
    {
        for (var round = 0; round < 4; round++)
        {
            if (!Ascii.IsValid(text) && !IsText(text))
            {
                return null;
            }

            var folded = text.Normalize(NormalizationForm.FormKC).ToLowerInvariant();
            if (folded == text)
            {
                return folded;
            }

            text = folded;
        }

        return null;
    }

    static bool IsText(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherNotAssigned or UnicodeCategory.Format)
            {
                return false;
            }
        }

        return true;
    }

    static bool HasLetterOrDigit(ReadOnlySpan<char> text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                return true;
            }
        }

        return false;
    }

    static bool HasSpace(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c))
            {
                return true;
            }
        }

        return false;
    }

    static string? Domain(string text)
    {
        try
        {
            var domain = s_idn.GetAscii(text.EndsWith('.') ? text[..^1] : text).ToLowerInvariant();
            var top = domain[(domain.LastIndexOf('.') + 1)..];
            return top.Length >= 2 && top.Length < domain.Length && top.AsSpan().ContainsAnyInRange('a', 'z') && !HasSpace(domain) ? domain : null;
        }
        catch (ArgumentException)
        {
            return null; // no name that a name server could know
        }
    }
}
