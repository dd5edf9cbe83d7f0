using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Sharing.AspNetCore;

/// <summary>Markup made from interpolated strings: <c>Html part = $"&lt;p&gt;{text}&lt;/p&gt;"</c>. The literal parts are markup; every value
/// is encoded, for text and for double-quoted attributes alike, unless it is <see cref="Html"/> itself. There is no way to put in text unencoded.</summary>
/// <remarks>Not thread-safe while it is being made.</remarks>
[InterpolatedStringHandler]
public sealed class Html
{
    static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    readonly StringBuilder _markup;

    /// <summary>For the compiler: begins an interpolated string.</summary>
    public Html(int literalLength, int formattedCount) => _markup = new(literalLength + (formattedCount * 24));

    /// <summary>Nothing.</summary>
    public static Html None => new(0, 0);

    /// <summary>Each item's markup, one after the other.</summary>
    public static Html Each<T>(IEnumerable<T> items, Func<T, Html> part)
    {
        var all = None;
        foreach (var item in items)
        {
            all.AppendFormatted(part(item));
        }

        return all;
    }

    /// <summary>For the compiler: a literal part.</summary>
    public void AppendLiteral(string markup) => _markup.Append(markup);

    /// <summary>For the compiler: markup goes in as it is.</summary>
    public void AppendFormatted(Html? html) => _markup.Append(html?._markup);

    /// <summary>For the compiler: text is encoded.</summary>
    public void AppendFormatted(string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            _markup.Append(Encoder.Encode(text));
        }
    }

    /// <summary>For the compiler: an address is encoded; one that is neither http nor https leads nowhere.</summary>
    public void AppendFormatted(Uri? address) => AppendFormatted(
        address is { IsAbsoluteUri: true, Scheme: "http" or "https" } ? address.AbsoluteUri : "#");

    /// <summary>For the compiler: numbers and ids, as machines read them, encoded.</summary>
    public void AppendFormatted<T>(T value)
        where T : ISpanFormattable => AppendFormatted(value.ToString(null, CultureInfo.InvariantCulture));

    /// <summary>The markup.</summary>
    public override string ToString() => _markup.ToString();
}
