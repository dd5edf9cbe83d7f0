using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Sharing.Swarm;

/// <summary>Runs the cases and says what came out.</summary>
static class Report
{
    public const double Target = 1.15;

    public static string Run(bool quick)
    {
        var text = new StringBuilder();
        text.AppendLine("swarm-sim: the last terminal done over the bound of Kumar and Ross, max{F/us, F/dmin, N F/(us+sum ui)}; the product's board, selector, index, upload slots and first copies under virtual time.");
        text.AppendLine("Server 32 Mbit/s up; terminals \"equal\" 32 Mbit/s up, \"mixed\" 4, 8, 32 and 100 Mbit/s up in equal parts; down 4 times that; 5 ms one way. Links count Ethernet frames,");
        text.AppendLine("1,514 bytes for 1,448 of content, the bound does not: 1.046 is the least that can be. Chunks of 256 KiB. Where terminals come one after the other, the bound counts each link from when");
        text.AppendLine("its terminal came. Seed 1 everywhere.");
        text.AppendLine(FormattableString.Invariant($"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores"));
        text.AppendLine();
        var real = Simulation.Run(Cases.Real);
        text.AppendLine(FormattableString.Invariant($"As ./bench.sh swarm (8 terminals, 64 MiB, uplinks alone limited): simulated {real.Last:0.00} s = {real.Ratio:0.000} of the bound, {real.ServerCopies:0.00} copies from the server;"));
        var exact = Simulation.Run(Cases.Real with { IsExact = true });
        text.AppendLine(FormattableString.Invariant($"with the fair shares of links reckoned exactly {exact.Last:0.00} s. The real run in network namespaces is in swarm.txt."));
        text.AppendLine();
        text.AppendLine("terminals  links, coming          MiB   bound s    last s   ratio  server copies  proofs copies  waste %  asked server  said no   events    took s");
        var worst = 0.0;
        foreach (var (name, scenario) in Cases.All(quick))
        {
            var started = Stopwatch.GetTimestamp();
            var outcome = Simulation.Run(scenario);
            worst = Math.Max(worst, outcome.Done == scenario.Terminals ? outcome.Ratio : double.PositiveInfinity);
            var line = $"{Line(name, outcome)} {Stopwatch.GetElapsedTime(started).TotalSeconds,9:0.0}";
            text.AppendLine(line);
            Console.Error.WriteLine(line);
        }

        text.AppendLine();
        text.Append(FormattableString.Invariant($"swarm-sim ratio={worst:0.000} target={Target:0.00}"));
        return text.ToString();
    }

    public static string Line(string name, Outcome of) => FormattableString.Invariant(
        $"{of.Scenario.Terminals,9:#,0}  {name,-20} {of.Scenario.Bytes >> 20,5} {of.Bound,9:0.00} {of.Last,9:0.00} {of.Ratio,7:0.000} {of.ServerCopies,14:0.00} {of.ProofBytes / of.Scenario.Bytes,14:0.00} {100 * of.Wasted / of.Received,8:0.00} {of.ServerRequests,13:#,0} {of.HeldBack,8:#,0} {of.Events,8:#,0}");
}
