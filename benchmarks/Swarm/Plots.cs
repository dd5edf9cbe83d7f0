using System.Globalization;

namespace Sharing.Swarm;

/// <summary>The plots of docs/how-it-grows.md, and the figures that it names.</summary>
static class Plots
{
    static readonly double[] Shown = [0.25, 0.5, 0.75, 1];

    /// <summary>Simulates and draws.</summary>
    /// <param name="folder">Where the plots go.</param>
    /// <param name="terminals">How many terminals, in growing order.</param>
    public static void Draw(string folder, int[] terminals)
    {
        Growth(folder, terminals);
        Uplinks(folder);
        Churn(folder);
    }

    static void Growth(string folder, int[] terminals)
    {
        var (equal, mixed, copies, mixedCopies, proofs) = (new List<(double, double)>(), new List<(double, double)>(), new List<(double, double)>(), new List<(double, double)>(), new List<(double, double)>());
        foreach (var count in terminals)
        {
            var one = Say("equal", Simulation.Run(Cases.Flash(count, mixed: false)));
            equal.Add((count, one.Ratio));
            copies.Add((count, one.ServerCopies));
            proofs.Add((count, one.ProofBytes / one.Scenario.Bytes));
            if (count <= 10_000)
            {
                var other = Say("mixed", Simulation.Run(Cases.Flash(count, mixed: true)));
                mixed.Add((count, other.Ratio));
                mixedCopies.Add((count, other.ServerCopies));
            }

            Write(folder, "swarm-ratio.svg", new Plot("How long until the last terminal has the file", "Time over the least that is possible, from 10 to 100,000 terminals.", "terminals that begin at once", "time ÷ the least possible") { IsLogarithmic = true, From = 1 }
                .Line("equal links", equal).Line("mixed links", mixed));
            Write(folder, "swarm-server.svg", new Plot("What the server sends", "Copies of the file that the server sends, from 10 to 100,000 terminals.", "terminals that begin at once", "copies of the file") { IsLogarithmic = true }
                .Line("equal links", copies).Line("mixed links", mixedCopies));
        }
    }

    static void Uplinks(string folder)
    {
        var outcome = Say("uplinks", Simulation.Run(Cases.Flash(300, mixed: false)));
        Write(folder, "swarm-uplinks.svg", new Plot("How busy the uplinks are: 300 terminals, equal links", "Part of the server's and of all terminals' uplinks in use, second by second.", "seconds", "part of the uplink in use")
            .Line("server", outcome.Series.Select(s => (s.At, s.Server))).Line("terminals", outcome.Series.Select(s => (s.At, s.Terminals))));
    }

    static void Churn(string folder)
    {
        var stay = Say("nobody leaves", Simulation.Run(Cases.Flash(300, mixed: false)));
        var leave = Say("half leave", Simulation.Run(Cases.Flash(300, mixed: false) with { Leaving = 0.5, LeaveWithin = 20 }));
        Write(folder, "swarm-churn.svg", new Plot("Half of 300 terminals leave without a word", "How many terminals have the file, by time.", "seconds", "terminals that have the file")
            .Line("nobody leaves", Grown(stay)).Line("half leave within 20 s", Grown(leave)));
    }

    static IEnumerable<(double X, double Y)> Grown(Outcome outcome) =>
        outcome.Ends.Select((at, i) => (at, i + 1.0)).Where((_, i) => i % Math.Max(1, outcome.Ends.Length / 100) == 0 || i == outcome.Ends.Length - 1).Prepend((0, 0));

    static Outcome Say(string name, Outcome outcome)
    {
        var quarters = string.Join(' ', Shown.Select(part => outcome.Times.Length == 0 ? "-" : outcome.Times[(int)(part * (outcome.Times.Length - 1))].ToString("0.0", CultureInfo.InvariantCulture)));
        Console.WriteLine(FormattableString.Invariant(
            $"{name,-14} {outcome.Scenario.Terminals,7:#,0} ratio {outcome.Ratio:0.000} last {outcome.Last:0.0} s; a quarter, half, three quarters, all within {quarters} s; server copies {outcome.ServerCopies:0.00} proofs {outcome.ProofBytes / outcome.Scenario.Bytes:0.00}; announcements {outcome.Announcements:#,0}; asked server {outcome.ServerRequests:#,0}; left {outcome.Left}; links {outcome.MostLinks}"));
        return outcome;
    }

    static void Write(string folder, string name, Plot plot)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, name), plot.Svg());
    }
}
