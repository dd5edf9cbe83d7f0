using System.Text.Json;
using Spectre.Console;

namespace Sharing.Tour;

/// <summary>Shows the story as it goes, and keeps account of the rows that were really shown.</summary>
public sealed class Board(bool json)
{
    static readonly string[] Rows = ["R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9"];

    readonly Dictionary<string, (bool Ok, string Detail)> _shown = [];

    /// <summary>Begins a chapter.</summary>
    public void Chapter(string text)
    {
        if (!json)
        {
            AnsiConsole.WriteLine();
            AnsiConsole.Write(new Rule($"[bold]{Markup.Escape(text)}[/]").LeftJustified());
        }
    }

    /// <summary>Tells something.</summary>
    public void Tell(string text)
    {
        if (!json)
        {
            AnsiConsole.MarkupLine($"  {Markup.Escape(text)}");
        }
    }

    /// <summary>Notes what was checked for a row; one failed check fails the row.</summary>
    public void Check(string row, bool ok, string detail)
    {
        var before = _shown.GetValueOrDefault(row, (true, ""));
        _shown[row] = (before.Item1 && ok, ok ? (before.Item2.Length == 0 ? detail : $"{before.Item2}; {detail}") : $"FAILED: {detail}");
        if (!json)
        {
            AnsiConsole.MarkupLine($"  {(ok ? "[green]✔[/]" : "[red]✘[/]")} [bold]{row}[/] {Markup.Escape(detail)}");
        }
    }

    /// <summary>Shows progress bars while something runs.</summary>
    public Task ProgressAsync(Func<Action<string, double, double, string>, Task> run)
    {
        if (json || !AnsiConsole.Profile.Out.IsTerminal)
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

    /// <summary>Prints what was shown.</summary>
    /// <returns>The exit code.</returns>
    public int End(TimeSpan took)
    {
        if (json)
        {
            foreach (var row in Rows)
            {
                var (ok, detail) = _shown.GetValueOrDefault(row, (false, "not shown"));
                Console.WriteLine(JsonSerializer.Serialize(new { row, ok, detail }));
            }
        }
        else
        {
            var table = new Table().Border(TableBorder.Rounded).AddColumns("Row", "", "Shown by");
            foreach (var row in Rows)
            {
                var (ok, detail) = _shown.GetValueOrDefault(row, (false, "not shown"));
                table.AddRow(row, ok ? "[green]✔[/]" : "[red]✘[/]", Markup.Escape(detail));
            }

            AnsiConsole.WriteLine();
            AnsiConsole.Write(table);
            AnsiConsole.MarkupLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{took.TotalSeconds:0.0} s"));
        }

        return Rows.All(row => _shown.GetValueOrDefault(row).Ok) ? 0 : 1;
    }
}
