using System.Globalization;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>The header by which a terminal lets the server choose: other ranges that it may answer with instead of the one in <c>Range</c>, as offset and length: "0+262144,524288+262144". A
/// server that does not know it answers with the range.</summary>
public static class AnyOf
{
    /// <summary>The header's name.</summary>
    public const string Header = "Share-Any-Of";

    const int Most = 100;

    /// <summary>The header's value.</summary>
    public static string Write(IEnumerable<ByteRun> parts) => string.Join(',', parts.Select(static part => string.Create(CultureInfo.InvariantCulture, $"{part.Offset}+{part.Length}")));

    /// <summary>Reads the value; what is none is no part.</summary>
    public static List<ByteRun> Read(string text)
    {
        var parts = new List<ByteRun>();
        foreach (var part in text.Split(',', Most + 1, StringSplitOptions.RemoveEmptyEntries))
        {
            var plus = part.IndexOf('+', StringComparison.Ordinal);
            if (plus > 0 && long.TryParse(part.AsSpan(0, plus), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
                && long.TryParse(part.AsSpan(plus + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length > 0 && length <= long.MaxValue - offset)
            {
                parts.Add(new(offset, length));
            }
        }

        return parts;
    }
}
