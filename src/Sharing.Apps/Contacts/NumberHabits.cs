namespace Sharing.Apps;

/// <summary>What people of some regions dial within a national number and a caller from abroad does not, or the other way round.</summary>
static class NumberHabits
{
    /// <summary>Regions that dial among themselves without what they have in common: digits of such a number, what these begin with, and what is missing before them.</summary>
    static readonly Dictionary<string, (int Length, string Beginnings, string Missing)> s_local = new(StringComparer.Ordinal)
    {
        ["AG"] = (7, "2-9", "268"), ["AI"] = (7, "2-9", "264"), ["AS"] = (7, "2-9", "684"), ["BB"] = (7, "2-9", "246"), ["BM"] = (7, "2-9", "441"),
        ["BS"] = (7, "2-9", "242"), ["DM"] = (7, "2-9", "767"), ["GD"] = (7, "2-9", "473"), ["GU"] = (7, "2-9", "671"), ["KN"] = (7, "2-9", "869"),
        ["KY"] = (7, "2-9", "345"), ["LC"] = (7, "2-9", "758"), ["MP"] = (7, "2-9", "670"), ["MS"] = (7, "2-9", "664"), ["SX"] = (7, "2-9", "721"),
        ["TC"] = (7, "2-9", "649"), ["TT"] = (7, "2-9", "868"), ["VC"] = (7, "2-9", "784"), ["VG"] = (7, "2-9", "284"), ["VI"] = (7, "2-9", "340"),
        ["GG"] = (6, "2-9", "1481"), ["IM"] = (6, "2-9", "1624"), ["JE"] = (6, "2-9", "1534"),
        ["CC"] = (8, "5-9", "8"), ["CX"] = (8, "5-9", "8"), ["NF"] = (5, "0-8", "3"), ["MG"] = (7, "2-9", "20"), ["SM"] = (6, "8-9", "0549"),
    };

    /// <summary>Argentina's area codes of three digits; 11 has two, all others have four, some of which begin with one of these.</summary>
    static readonly HashSet<string> s_argentina =
    [
        "220", "221", "223", "230", "236", "237", "249", "260", "261", "263", "264", "266", "280", "291", "294", "297", "298", "299", "336", "341", "342", "343", "345",
        "348", "351", "353", "358", "362", "364", "370", "376", "379", "380", "381", "383", "385", "387", "388",
    ];

    /// <summary>Services whose numbers begin with zeros that belong to them, also from abroad.</summary>
    static readonly Dictionary<string, string[]> s_services = new(StringComparer.Ordinal)
    {
        ["ID"] = ["001803", "007803"], ["IN"] = ["000800"], ["JP"] = ["0037", "0066", "0078", "00777", "00882"], ["KR"] = ["00308", "00368", "00798"], ["TH"] = ["001800"],
    };

    static readonly int[] s_two = [2], s_threeOrFour = [3, 4], s_four = [4];

    /// <summary>A national number as it is dialled from abroad.</summary>
    public static string Complete(string national, NumberingPlan plan)
    {
        if (s_local.TryGetValue(plan.Region, out var local) && national.Length == local.Length && national[0] >= local.Beginnings[0] && national[0] <= local.Beginnings[^1])
        {
            return local.Missing + national;
        }

        return plan.Region switch
        {
            "AR" => Argentina(national),
            "BR" => national.Length is 12 or 13 ? national[2..] : national, // the carrier
            "CO" => national.Length == 11 && national[0] is '3' or '5' or '7' or '9' ? national[1..] : national, // the carrier
            "BO" => national.Length == 10 && national[0] == '1' ? national[2..] : national, // the carrier
            _ => national,
        };
    }

    /// <summary>Whether digits are the number of a service that begins with zeros.</summary>
    public static bool IsService(string digits, NumberingPlan plan) =>
        s_services.TryGetValue(plan.Region, out var beginnings) && Array.Exists(beginnings, beginning => digits.StartsWith(beginning, StringComparison.Ordinal)) && plan.FitsLength(digits);

    /// <summary>Mobile numbers: 15 behind the area code within the country is a 9 before it from abroad.</summary>
    static string Argentina(string national)
    {
        if (national.Length == 13 && national[0] == '9')
        {
            national = national[1..]; // both at once
        }

        if (national.Length != 12)
        {
            return national;
        }

        // 387 is an area, and so is 3878: what follows tells.
        foreach (var area in national.StartsWith("11", StringComparison.Ordinal) ? s_two : s_argentina.Contains(national[..3]) ? s_threeOrFour : s_four)
        {
            if (national.AsSpan(area, 2) is "15")
            {
                return $"9{national[..area]}{national[(area + 2)..]}";
            }
        }

        return national;
    }
}
