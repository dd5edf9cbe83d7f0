using System.Collections.Frozen;
using System.Globalization;

namespace Sharing.Apps;

/// <summary>How telephone numbers of a region are written. Immutable.</summary>
/// <param name="Region">ISO 3166 alpha-2; for numbers of no region, "" .</param>
/// <param name="Code">Its country code.</param>
/// <param name="Trunks">What is dialled before a national number within the region, the longest first; none: national numbers are dialled as they are.</param>
/// <param name="Lengths">Bit n: national numbers may have n digits.</param>
/// <param name="Abroad">What is dialled before a country code, the longest first.</param>
/// <param name="KeepsZero">Whether a zero may be the first digit of a national number.</param>
sealed record NumberingPlan(string Region, string Code, string[] Trunks, int Lengths, string[] Abroad, bool KeepsZero)
{
    /// <summary>The most digits of a number with its country (E.164).</summary>
    public const int MostDigits = 15;

    static readonly FrozenDictionary<string, NumberingPlan> s_regions;
    static readonly FrozenDictionary<string, NumberingPlan> s_codes;

    static NumberingPlan()
    {
        var plans = NumberingPlans.Table.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Read).ToList();
        s_regions = plans.Where(static plan => plan.Region.Length > 0).ToFrozenDictionary(static plan => plan.Region, StringComparer.OrdinalIgnoreCase);

        // The first region of a code stands for all that share it, with the lengths of any of them.
        s_codes = plans.GroupBy(static plan => plan.Code, StringComparer.Ordinal)
            .ToFrozenDictionary(static code => code.Key, static code => code.First() with { Lengths = code.Aggregate(0, static (all, plan) => all | plan.Lengths) }, StringComparer.Ordinal);
    }

    /// <summary>The plan of a region; <c>null</c>: there is none of that name.</summary>
    public static NumberingPlan? Of(string region) => s_regions.GetValueOrDefault(region);

    /// <summary>The plan of a number that begins with its country code; <c>null</c>: no country has that.</summary>
    public static NumberingPlan? OfInternational(string digits)
    {
        for (var length = 1; length <= 3 && length < digits.Length; length++)
        {
            if (s_codes.TryGetValue(digits[..length], out var plan))
            {
                return plan;
            }
        }

        return null;
    }

    /// <summary>Whether this may be a whole national number.</summary>
    public bool Fits(ReadOnlySpan<char> national) =>
        FitsLength(national) && (national[0] != '0' || (KeepsZero && national[1] != '0'));

    /// <summary>Whether a national number may have so many digits.</summary>
    public bool FitsLength(ReadOnlySpan<char> national) => national.Length + Code.Length <= MostDigits && (Lengths >> national.Length & 1) != 0;

    // "DE 49 0 4-13" and, if need be, the prefixes for abroad. "-" stands for none; a "z" behind the lengths for zeros that stay.
    static NumberingPlan Read(string line)
    {
        var parts = line.Split(' ');
        var keepsZero = parts[3].EndsWith('z');
        var lengths = 0;
        foreach (var range in parts[3].TrimEnd('z').Split(','))
        {
            var ends = range.Split('-');
            for (var length = Number(ends[0]); length <= Number(ends[^1]); length++)
            {
                lengths |= 1 << length;
            }
        }

        return new(parts[0].Trim('-'), parts[1], parts[2] == "-" ? [] : parts[2].Split(','), lengths, parts.Length > 4 ? parts[4].Split(',') : ["00"], keepsZero);
    }

    static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
