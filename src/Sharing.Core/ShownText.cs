using System.Globalization;
using System.Text;

namespace Sharing.Core;

/// <summary>Text of strangers that is shown to others.</summary>
public static class ShownText
{
    /// <summary>A text on one line, without what steers how others are shown: controls, line ends, marks of direction, joiners, and what is no character.</summary>
    public static string OneLine(string text) => string.Concat(text.EnumerateRunes().Where(static rune => rune.Value != 0xFFFD && Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)));
}
