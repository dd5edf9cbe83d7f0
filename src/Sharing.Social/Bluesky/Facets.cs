using System.Text;
using System.Text.RegularExpressions;

namespace Sharing.Social;

/// <summary>Finds links, tags and mentions in a text, with their places in bytes of UTF-8, as rich text has them (docs.bsky.app, rich text facets).</summary>
static partial class Facets
{
    public enum Kind
    {
        Link,
        Tag,
        Mention,
    }

    public readonly record struct Found(Kind Kind, string Value, int Start, int End);

    public static IEnumerable<Found> In(string text)
    {
        foreach (Match match in Pattern().Matches(text))
        {
            var (kind, group) = match.Groups["link"].Success ? (Kind.Link, match.Groups["link"]) : match.Groups["tag"].Success ? (Kind.Tag, match.Groups["tag"]) : (Kind.Mention, match.Groups["mention"]);
            var value = group.Value;
            if (kind == Kind.Link)
            {
                value = value.TrimEnd('.', ',', ';', ':', '!', '?', '\'', '"');
                value = value.EndsWith(')') && !value.Contains('(', StringComparison.Ordinal) ? value[..^1] : value;
            }

            if (kind == Kind.Link && !Uri.TryCreate(value, UriKind.Absolute, out _))
            {
                continue;
            }

            // "#" and "@" belong to what is marked, not to its value.
            var start = kind == Kind.Link ? group.Index : group.Index - 1;
            var from = Encoding.UTF8.GetByteCount(text.AsSpan(0, start));
            yield return new(kind, value, from, from + Encoding.UTF8.GetByteCount(text.AsSpan(start, value.Length + (group.Index - start))));
        }
    }

    [GeneratedRegex(
        """(?<link>https?://[^\s<>"]+)|(?<![\w/#])#(?<tag>[\p{L}\p{N}_]*[\p{L}_][\p{L}\p{N}_]{0,63})|(?<![\w/@])@(?<mention>(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,})""",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
