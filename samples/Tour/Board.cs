using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace Sharing.Tour;

/// <summary>Shows the story as it goes, and keeps account of the rows that were really shown.</summary>
public sealed class Board
{
    const int WidthOfFiles = 120;

    static readonly string[] s_rows = ["R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "D1", "D2", "D3", "D4", "D5", "D6", "D7", "A1", "A2", "A3", "A4", "A5", "A7", .. Story.Packages is null ? Array.Empty<string>() : ["A6", "A8", "A9"], .. Enumerable.Range(1, 13).Select(static row => $"F{row}"), .. Enumerable.Range(1, 9).Select(static row => $"M{row}")];

    static readonly JsonSerializerOptions Plain = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly bool _json;
    readonly bool _isStrict;
    readonly string[] _rows;
    readonly Dictionary<string, (bool? Ok, string Detail)> _shown = [];

    /// <summary>Shows it to a person; with <paramref name="json"/>, to a program. Strictly, what is lacking on this machine is an error. Further rows may be shown.</summary>
    public Board(bool json, bool isStrict = false, IEnumerable<string>? more = null)
    {
        (_json, _isStrict, _rows) = (json, isStrict, [.. s_rows, .. more ?? []]);
        if (Console.IsOutputRedirected)
        {
            var profile = AnsiConsole.Profile;
            (profile.Width, profile.Capabilities.Ansi, profile.Capabilities.ColorSystem) = (WidthOfFiles, false, ColorSystem.NoColors);
        }
    }

    /// <summary>Begins a chapter.</summary>
    public void Chapter(string text)
    {
        if (!_json)
        {
            AnsiConsole.WriteLine();
            AnsiConsole.Write(new Rule($"[bold]{Markup.Escape(text)}[/]").LeftJustified());
        }
    }

    /// <summary>Tells something.</summary>
    public void Tell(string text)
    {
        if (!_json)
        {
            Indented(new Markup(Markup.Escape(text)));
        }
    }

    /// <summary>Notes what was checked for a row; one failed check fails the row.</summary>
    public void Check(string row, bool ok, string detail)
    {
        var before = _shown.GetValueOrDefault(row, ((bool?)true, ""));
        _shown[row] = (before.Item1 == true && ok, ok ? (before.Item2.Length == 0 ? detail : $"{before.Item2}; {detail}") : $"FAILED: {detail}");
        if (!_json)
        {
            Indented(new Markup(ok ? "[green]✔[/]" : "[red]✘[/]"), new Markup($"[bold]{row}[/]"), new Markup(Markup.Escape(detail)));
        }
    }

    /// <summary>Notes that a row cannot be shown here, and what to do about it.</summary>
    public void Lacking(string row, string why)
    {
        _shown[row] = (null, why);
        if (!_json)
        {
            Indented(new Markup("[yellow]–[/]"), new Markup($"[bold]{row}[/]"), new Markup(Markup.Escape(why)));
        }
    }

    /// <summary>Shows progress bars while something runs.</summary>
    public Task ProgressAsync(Func<Action<string, double, double, string>, Task> run)
    {
        if (_json || !AnsiConsole.Profile.Out.IsTerminal)
        {
            return run(static (_, _, _, _) => { });
        }

        return AnsiConsole.Progress().AutoClear(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var bars = new System.Collections.Concurrent.ConcurrentDictionary<string, ProgressTask>();
                await run((name, done, total, note) =>
                {
                    var bar = bars.GetOrAdd(name, n => context.AddTask(n));
                    bar.MaxValue = Math.Max(1, total);
                    bar.Value = done;
                    bar.Description = $"{Markup.Escape(name)} [grey]{Markup.Escape(note)}[/]";
                });
            });
    }

    /// <summary>Cells beside each other; what is too long for the line goes on below its own beginning.</summary>
    static void Indented(params Markup[] cells)
    {
        var grid = new Grid { Expand = false };
        foreach (var _ in cells)
        {
            grid.AddColumn(new GridColumn { Padding = new Padding(grid.Columns.Count == 0 ? 2 : 0, 0, 1, 0) });
        }

        AnsiConsole.Write(grid.AddRow(cells));
    }

    /// <summary>Prints what was shown.</summary>
    /// <returns>The exit code.</returns>
    public int End(TimeSpan took)
    {
        if (_json)
        {
            foreach (var row in _rows)
            {
                var (ok, detail) = _shown.GetValueOrDefault(row, ((bool?)false, "not shown"));
                Console.WriteLine(JsonSerializer.Serialize(new { row, ok, detail }, Plain));
            }
        }
        else
        {
            var table = new Table().Border(TableBorder.Rounded).AddColumns("Row", "", "Shown by");
            foreach (var row in _rows)
            {
                var (ok, detail) = _shown.GetValueOrDefault(row, ((bool?)false, "not shown"));
                table.AddRow(row, ok switch { true => "[green]✔[/]", null => "[yellow]–[/]", _ => "[red]✘[/]" }, Markup.Escape(detail));
            }

            AnsiConsole.WriteLine();
            AnsiConsole.Write(table);
            AnsiConsole.MarkupLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{took.TotalSeconds:0.0} s"));
        }

        return _rows.All(row => _shown.TryGetValue(row, out var shown) && (shown.Ok ?? !_isStrict)) ? 0 : 1;
    }
}
