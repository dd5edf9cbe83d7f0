using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Spectre.Console;

namespace Sharing.Benchmarks;

/// <summary>Runs the sides in turns, so that whatever else the machine does meets all of them, and writes down what came out.</summary>
static class Measuring
{
    public static async Task<string> RunAsync(Comparison comparison, int runs, bool quick)
    {
        var folder = Directory.CreateTempSubdirectory("sharing-bench-").FullName;
        try
        {
            await comparison.PrepareAsync(folder, quick);
            List<IReadOnlyDictionary<string, Cost>> rounds = [];
            for (var run = 0; run <= runs; run++)
            {
                var round = new Dictionary<string, Cost>(StringComparer.Ordinal);
                foreach (var (name, work) in comparison.Sides)
                {
                    round.Add(name, await work());
                }

                if (run > 0)
                {
                    rounds.Add(round);
                }
            }

            return Report(comparison, rounds, quick);
        }
        finally
        {
            await comparison.EndAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    static string Report(Comparison comparison, List<IReadOnlyDictionary<string, Cost>> rounds, bool quick)
    {
        var sides = new Table { Border = TableBorder.Ascii }.AddColumns("", "seconds", "CPU seconds", "per second", "copies");
        foreach (var name in rounds[0].Keys)
        {
            sides.AddRow(
                name, Number(Median(rounds, round => round[name].Seconds)), Number(Median(rounds, round => round[name].CpuSeconds)),
                rounds[0][name].Rate > 0 ? Median(rounds, round => round[name].Rate).ToString("N0", CultureInfo.InvariantCulture) : "",
                rounds[0][name].Copies > 0 ? Median(rounds, round => round[name].Copies).ToString("0.000", CultureInfo.InvariantCulture) : "");
        }

        var names = comparison.Ratios(rounds[0]).Select(ratio => ratio.Name).ToArray();
        double[] Of(string name) => [.. rounds.Select(round => comparison.Ratios(round).Single(ratio => ratio.Name == name).Value).Order()];
        var ratios = new Table { Border = TableBorder.Ascii }.AddColumns("ratio", "median", "lowest", "highest");
        foreach (var name in names)
        {
            var values = Of(name);
            ratios.AddRow(name, Number(values[values.Length / 2]), Number(values[0]), Number(values[^1]));
        }

        using var text = new StringWriter();
        var console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 120;
        console.WriteLine($"{comparison.Name}: {comparison.About}");
        console.WriteLine($"{rounds.Count} rounds{(quick ? ", small inputs" : "")}; {Machine}");
        console.Write(sides);
        console.Write(ratios);
        foreach (var note in comparison.Notes)
        {
            text.WriteLine(note);
        }

        var judged = names.Take(comparison.Judged).Min(name => Of(name)[rounds.Count / 2]);
        console.Write($"{comparison.Name} ratio={Number(judged)} target={Number(comparison.Target)}");
        return text.ToString();
    }

    static string Machine =>
        $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores{(Avx512F.IsSupported ? " with AVX-512" : "")}";

    static double Median<T>(List<T> rounds, Func<T, double> of) => rounds.Select(of).Order().ElementAt(rounds.Count / 2);

    static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
