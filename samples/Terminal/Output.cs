using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sharing.Offline;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sharing.Terminal;

/// <summary>How things are written for people. Whatever others chose (names, texts) goes through <see cref="Plain"/>.</summary>
static class Output
{
    /// <summary>JSON as on the wire.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Text without anything that a terminal would take for a command or that turns its direction around.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var bad = rune.Value != '\n' && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format;
            plain.Append(bad ? "\uFFFD" : rune.ToString());
        }

        return plain.ToString();
    }

    /// <summary>The same in one line.</summary>
    public static string Line(string? text) => Plain(text ?? "").Replace('\n', ' ');

    /// <summary>A number of bytes: 12.3 MB.</summary>
    public static string Bytes(double bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        var unit = 0;
        for (; bytes >= 999.5 && unit < units.Length - 1; unit++)
        {
            bytes /= 1000;
        }

        return bytes.ToString(unit > 0 && bytes < 9.95 ? "0.0" : "0", CultureInfo.InvariantCulture) + " " + units[unit];
    }

    /// <summary>A time: of today, the hour; else the day.</summary>
    public static string Time(DateTimeOffset at) => at.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>How far an item is: 12 MB of 40 MB (30 %).</summary>
    public static string Done(DownloadItem item) => item.Resource.Length switch
    {
        null => Bytes(item.Done),
        var all when item.Done == all => Bytes(item.Done),
        0 => "0 B",
        { } all => string.Create(CultureInfo.InvariantCulture, $"{Bytes(item.Done)} of {Bytes(all)} ({100.0 * item.Done / all:0} %)"),
    };

    /// <summary>A table without frills, so that it can be piped.</summary>
    public static void Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table { Border = TableBorder.None };
        table.AddColumns([.. headers.Select(header => new TableColumn(new Text(header, Console.IsOutputRedirected ? null : new Style(decoration: Decoration.Bold))) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) })]);
        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => (IRenderable)new Text(Line(cell))));
        }

        var console = AnsiConsole.Console;
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = 1000; // a pipe has no right edge
        }

        console.Write(table);
    }
}
