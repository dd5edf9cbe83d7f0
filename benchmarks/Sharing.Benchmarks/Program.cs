using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Sharing.Benchmarks;
using Spectre.Console;

var names = new Argument<string[]>("name") { Description = "What to measure: hash, download. All if none is named.", Arity = ArgumentArity.ZeroOrMore };
names.AcceptOnlyFromAmong("hash", "download");
var runs = new Option<int>("--runs") { Description = "How many pairs of runs.", DefaultValueFactory = _ => 7 };
var command = new RootCommand("The same work done by Sharing and by a tool that people know: seconds, and how many times as fast as the tool.") { names, runs };
command.SetAction((parsed, _) => MeasureAsync(parsed.GetValue(names) is { Length: > 0 } some ? some : ["hash", "download"], parsed.GetValue(runs)));
return await command.Parse(args).InvokeAsync();

static async Task MeasureAsync(string[] names, int runs)
{
    var folder = Directory.CreateTempSubdirectory("sharing-").FullName;
    try
    {
        AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores");
        var table = new Table().AddColumns("what", "MiB", "ours, s", "against", "its, s", "times as fast", "spread");
        foreach (var name in names)
        {
            await using var download = name == "download" ? await DownloadComparison.InAsync(folder) : null;
            var measured = await (download?.Comparison ?? HashComparison.In(folder)).RunAsync(runs);
            string Text(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
            table.AddRow(
                name, $"{measured.Of.Bytes >> 20}", Text(measured.OurSeconds), measured.Of.Against, Text(measured.TheirSeconds),
                Text(measured.Ratios[measured.Ratios.Count / 2]), $"{Text(measured.Ratios[0])} to {Text(measured.Ratios[^1])}");
        }

        AnsiConsole.Write(table);
    }
    finally
    {
        Directory.Delete(folder, recursive: true);
    }
}
