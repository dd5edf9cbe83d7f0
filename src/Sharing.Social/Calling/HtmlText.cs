using System.Net;
using System.Text;
using Sharing.Core;

namespace Sharing.Social;

/// <summary>Plain text of what strangers sent as HTML. Nothing of the markup is let through: what is a line or a paragraph becomes line ends, scripts and styles are
/// dropped with what is in them, the rest is text.</summary>
static class HtmlText
{
    /// <summary>The greatest length of what is returned, in UTF-16 units.</summary>
    public const int Most = 5000;

    // Families of emoji, and words of Persian, are written with them.
    const char Joiner = '\u200D', NonJoiner = '\u200C';

    static readonly string[] s_dropped = ["script", "style", "template", "noscript", "iframe", "object", "svg", "math", "title", "textarea"];

    public static string Plain(string html)
    {
        var text = new StringBuilder();
        for (var i = 0; i < html.Length && text.Length < Most * 4;)
        {
            var open = html.IndexOf('<', i);
            text.Append(html, i, (open < 0 ? html.Length : open) - i);
            if (open < 0)
            {
                break;
            }

            if (open + 1 >= html.Length || !(char.IsAsciiLetter(html[open + 1]) || html[open + 1] is '/' or '!' or '?'))
            {
                text.Append('<'); // no tag begins here, as a browser reads it
                i = open + 1;
                continue;
            }

            i = End(html, open, out var name, out var isEnd);
            if (!isEnd && s_dropped.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                var close = html.IndexOf("</" + name, i, StringComparison.OrdinalIgnoreCase);
                i = close < 0 ? html.Length : End(html, close, out _, out _);
            }
            else if (name.Equals("br", StringComparison.OrdinalIgnoreCase))
            {
                text.Append('\n');
            }
            else if (isEnd && name.ToUpperInvariant() is "P" or "DIV" or "LI" or "BLOCKQUOTE" or "PRE" or "TR" or "H1" or "H2" or "H3")
            {
                text.Append("\n\n");
            }
        }

        return Shown(WebUtility.HtmlDecode(text.ToString()));
    }

    /// <summary>A text of strangers as it is kept: line by line without what steers how it is shown, not too long.</summary>
    public static string Shown(string text)
    {
        var lines = text.Split('\n').Select(static line => string.Join(Joiner, line.Split(Joiner).Select(static part => string.Join(NonJoiner, part.Split(NonJoiner).Select(ShownText.OneLine)))).TrimEnd());
        var shown = string.Join('\n', lines).Trim();
        while (shown.Contains("\n\n\n", StringComparison.Ordinal))
        {
            shown = shown.Replace("\n\n\n", "\n\n", StringComparison.Ordinal);
        }

        return shown.Length <= Most ? shown : shown[..(char.IsHighSurrogate(shown[Most - 1]) ? Most - 1 : Most)];
    }

    /// <summary>Where a tag ends, quoted values skipped, and its name.</summary>
    static int End(string html, int open, out string name, out bool isEnd)
    {
        if (string.CompareOrdinal(html, open, "<!--", 0, 4) == 0)
        {
            (name, isEnd) = ("", false);
            var close = html.IndexOf("-->", open, StringComparison.Ordinal);
            return close < 0 ? html.Length : close + 3;
        }

        var i = open + 1;
        isEnd = html[i] == '/';
        i += isEnd ? 1 : 0;
        var start = i;
        while (i < html.Length && char.IsAsciiLetterOrDigit(html[i]))
        {
            i++;
        }

        name = html[start..i];
        for (var quote = '\0'; i < html.Length; i++)
        {
            if (quote != '\0')
            {
                quote = html[i] == quote ? '\0' : quote;
            }
            else if (html[i] is '"' or '\'')
            {
                quote = html[i];
            }
            else if (html[i] == '>')
            {
                return i + 1;
            }
        }

        return html.Length;
    }
}
