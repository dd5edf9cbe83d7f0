using System.Globalization;

namespace Sharing.P2P;

/// <summary>Runs of numbers as text: "0-99,120-130".</summary>
static class Runs
{
    public static bool IsWellFormed(string text)
    {
        var next = 0L;
        foreach (var part in text.AsSpan().Split(','))
        {
            var run = text.AsSpan(part);
            if (run.IsEmpty && text.Length == 0)
            {
                return true;
            }

            var dash = run.IndexOf('-');
            if (dash < 0 || !long.TryParse(run[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                || !long.TryParse(run[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var last) || first < next || last < first || last > int.MaxValue)
            {
                return false;
            }

            next = last + 1;
        }

        return true;
    }

    /// <summary>Whether well-formed runs hold all numbers from one to another.</summary>
    public static bool Hold(string text, long first, long last)
    {
        foreach (var part in text.AsSpan().Split(','))
        {
            var run = text.AsSpan(part);
            if (run.IndexOf('-') is var dash && dash > 0 && long.Parse(run[..dash], CultureInfo.InvariantCulture) <= first && last <= long.Parse(run[(dash + 1)..], CultureInfo.InvariantCulture))
            {
                return true;
            }
        }

        return false;
    }
}
