using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Sharing.Offline;

/// <summary>Names an item of a person's download list: a number, counted from 1, so that it can be typed.</summary>
[JsonConverter(typeof(ParsableJsonConverter<DownloadId>))]
public readonly record struct DownloadId : IParsable<DownloadId>
{
    /// <summary>Takes a number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public DownloadId(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        Number = number;
    }

    /// <summary>The number; 0 in <c>default</c>, which names nothing.</summary>
    public int Number { get; }

    /// <summary>Reads a number.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static DownloadId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException("A download is named by its number.");

    /// <summary>Reads a number, or says that it cannot.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DownloadId result)
    {
        var fits = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;
        result = fits ? new(number) : default;
        return fits;
    }

    static DownloadId IParsable<DownloadId>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<DownloadId>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out DownloadId result) => TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Number.ToString(CultureInfo.InvariantCulture);
}
