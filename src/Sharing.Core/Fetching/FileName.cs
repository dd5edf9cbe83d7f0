using System.Text;

namespace Sharing.Core;

/// <summary>Makes a file name of ours out of a name that a stranger chose: no folders, no control or direction characters, nothing that a
/// system gives a meaning to (CON, a trailing dot, a leading one).</summary>
public static class FileName
{
    const int MaxBytes = 200;

    static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
        "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
    };

    /// <summary>The name made safe, or <c>null</c> if nothing of it is left.</summary>
    public static string? From(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var name = new StringBuilder();
        foreach (var rune in text[(text.LastIndexOfAny(['/', '\\']) + 1)..].EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            var bad = rune.Value is '<' or '>' or ':' or '"' or '|' or '?' or '*' or 0xFFFD
                || category is System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format
                    or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator;
            name.Append(bad ? "_" : rune.ToString());
        }

        var safe = Shortened(name.ToString().Normalize().Trim(' ').TrimStart('.').TrimEnd('.', ' '));
        return safe.Length == 0 ? null : Reserved.Contains(Path.GetFileNameWithoutExtension(safe)) ? "_" + safe : safe;
    }

    /// <summary>What fits of a name, with its extension; one pass, however long a stranger made it.</summary>
    static string Shortened(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) <= MaxBytes)
        {
            return name;
        }

        var extension = Path.GetExtension(name);
        extension = Encoding.UTF8.GetByteCount(extension) > 20 ? "" : extension;
        var (length, bytes) = (0, Encoding.UTF8.GetByteCount(extension));
        foreach (var rune in name.AsSpan(0, name.Length - extension.Length).EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MaxBytes)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return name[..length].TrimEnd('.', ' ') + extension;
    }

    /// <summary>The name in an address: the last part of its path made safe, or the host.</summary>
    public static string Of(Uri address) =>
        From(Uri.UnescapeDataString(address.Segments[^1].Trim('/'))) ?? From(address.Host) ?? "download";
}
