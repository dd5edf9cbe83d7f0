using System.Globalization;
using Sharing.Swarm;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["swarm-sim", .. var rest] when rest is [] or ["--quick"]:
        var report = Report.Run(quick: rest.Length > 0);
        Console.WriteLine(report);
        if (rest.Length == 0)
        {
            File.WriteAllText(Path.Combine("benchmarks", "results", "swarm-sim.txt"), report + "\n");
        }

        return 0;
    case ["swarm-plots", .. var counts]:
        Plots.Draw(Path.Combine("docs", "images"), counts.Length == 0 ? [10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000] : [.. counts.Select(int.Parse)]);
        return 0;
    case ["one", var terminals, var mebibytes, "equal" or "mixed", ..]:
        var outcome = Simulation.Run(new()
        {
            Terminals = int.Parse(terminals, CultureInfo.InvariantCulture), Bytes = long.Parse(mebibytes, CultureInfo.InvariantCulture) << 20, Ups = args[3] == "mixed" ? Cases.Mixed : [32], JoinWithin = args.Length > 4 ? double.Parse(args[4], CultureInfo.InvariantCulture) : 0,
        });
        Console.WriteLine(Report.Line(args[3], outcome));
        Console.WriteLine($"a tenth, half, nine tenths, 99 of 100 done within {string.Join(' ', Array.ConvertAll<double, string>([0.1, 0.5, 0.9, 0.99], part => outcome.Times[(int)(part * (outcome.Times.Length - 1))].ToString("0.0", CultureInfo.InvariantCulture)))} s");
        Console.WriteLine(string.Join('\n', outcome.Series.Select(at => $"{at.At,5:0} s  server {at.Server:0.00}  terminals {at.Terminals:0.00}  not done {at.Left}")));
        return 0;
    default:
        Console.Error.WriteLine("swarm-sim [--quick] | swarm-plots [TERMINALS...] | one TERMINALS MEBIBYTES equal|mixed [SECONDS to join within]");
        return 2;
}
