namespace Sharing.Apps;

/// <summary>From what was dialled to E.164, by the numbering plans.</summary>
/// <remarks>Tried in this order: a plus; the region's prefix for abroad; a number of the region; 00, which address books hold everywhere; a country code without anything
/// before it, where the number is too long for the region. The first that gives a number of a possible length wins.</remarks>
static class PhoneNumber
{
    const string Anywhere = "00";

    // From so many digits on, a number without trunk prefix that begins with the own country code is taken to hold it where lengths vary too much to tell.
    const int CertainlyWithCode = 11;

    public static string? Normalize(PhoneText written, string region)
    {
        var digits = written.Digits;
        if (written.International)
        {
            return International(digits);
        }

        if (NumberingPlan.Of(region) is not { } home)
        {
            return null;
        }

        return Service(digits, home) ?? Abroad(digits, home.Abroad) ?? WithOwnCode(digits, home) ?? National(digits, home) ?? Abroad(digits, [Anywhere]) ?? WithCode(digits, home);
    }

    static string? Abroad(string digits, string[] prefixes)
    {
        foreach (var prefix in prefixes)
        {
            if (digits.StartsWith(prefix, StringComparison.Ordinal) && International(digits[prefix.Length..]) is { } number)
            {
                return number;
            }
        }

        return null;
    }

    static string? International(string digits) =>
        NumberingPlan.OfInternational(digits) is { } plan ? National(digits[plan.Code.Length..], plan) : null;

    /// <summary>Plans with numbers of nearly any length (Germany, Austria): a long one that begins with the country code.</summary>
    static string? WithOwnCode(string digits, NumberingPlan home) =>
        digits.Length >= CertainlyWithCode && home.Fits(digits) && home.Trunks.Length > 0 && System.Numerics.BitOperations.PopCount((uint)home.Lengths) > 7 ? WithCode(digits, home) : null;

    static string? WithCode(string digits, NumberingPlan home) =>
        digits.StartsWith(home.Code, StringComparison.Ordinal) ? National(digits[home.Code.Length..], home) : null;

    static string? National(string digits, NumberingPlan plan)
    {
        if (digits.Length == 0)
        {
            return null;
        }

        if (Service(digits, plan) is { } service)
        {
            return service;
        }

        var national = NumberHabits.Complete(WithoutTrunk(digits, plan), plan);
        return plan.Fits(national) ? $"+{plan.Code}{national}" : null;
    }

    static string? Service(string digits, NumberingPlan plan) => NumberHabits.IsService(digits, plan) ? $"+{plan.Code}{digits}" : null;

    static string WithoutTrunk(string digits, NumberingPlan plan)
    {
        foreach (var trunk in plan.Trunks)
        {
            if (!digits.StartsWith(trunk, StringComparison.Ordinal) || digits.Length == trunk.Length)
            {
                continue;
            }

            // What fits only as it stands begins with that digit by chance.
            var rest = digits[trunk.Length..];
            if (plan.Fits(NumberHabits.Complete(rest, plan)) || !plan.Fits(digits))
            {
                return rest;
            }
        }

        return digits;
    }
}
