using System.Globalization;

namespace Sharing.AspNetCore;

/// <summary>Sizes and times as people say them.</summary>
static class Figures
{
    static readonly CultureInfo Words = CultureInfo.InvariantCulture;

    /// <summary>A number of bytes, in decimal units as browsers show them.</summary>
    public static string Size(long bytes)
    {
        string[] units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"];
        var (value, unit) = ((double)bytes, 0);
        while (value >= 999.5 && unit < units.Length - 1)
        {
            (value, unit) = (value / 1000, unit + 1);
        }

        return bytes == 1 ? "1 byte" : string.Create(Words, $"{(unit == 0 || value >= 99.5 ? Math.Round(value) : Math.Round(value, 1))} {units[unit]}");
    }

    /// <summary>How long ago something was; a date where that says more.</summary>
    public static string Ago(DateTimeOffset at, DateTimeOffset now) => (now - at) switch
    {
        { TotalSeconds: < 60 } => "just now",
        { TotalMinutes: < 60 } past => Some((int)past.TotalMinutes, "minute") + " ago",
        { TotalHours: < 24 } past => Some((int)past.TotalHours, "hour") + " ago",
        { TotalDays: < 7 } past => Some((int)past.TotalDays, "day") + " ago",
        _ => at.UtcDateTime.ToString(at.UtcDateTime.Year == now.UtcDateTime.Year ? "d MMMM" : "d MMMM yyyy", Words),
    };

    /// <summary>How long until something.</summary>
    public static string In(DateTimeOffset at, DateTimeOffset now) => (at - now) switch
    {
        { TotalSeconds: < 60 } => "in a moment",
        { TotalMinutes: < 60 } wait => "in " + Some((int)wait.TotalMinutes, "minute"),
        { TotalHours: < 24 } wait => "in " + Some((int)wait.TotalHours, "hour"),
        var wait => "in " + Some((int)wait.TotalDays, "day"),
    };

    /// <summary>A number of things: "1 comment", "3 comments".</summary>
    public static string Some(int count, string thing) => string.Create(Words, $"{count} {thing}{(count == 1 ? "" : "s")}");

    /// <summary>A moment that is to come: said in full, exactly for machines.</summary>
    public static Html Until(DateTimeOffset at) =>
        $"""<time datetime="{at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", Words)}">{at.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", Words)}</time>""";

    /// <summary>A moment: said in short, in full on pointing at it, exactly for machines.</summary>
    public static Html Moment(DateTimeOffset at, DateTimeOffset now)
    {
        var exact = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", Words);
        var full = at.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", Words);
        return $"""<time datetime="{exact}" title="{full}">{Ago(at, now)}</time>""";
    }
}
