using System.Diagnostics;

namespace Sharing.Benchmarks;

/// <summary>The same work done by us and by a tool that people know.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Against">The tool.</param>
/// <param name="Bytes">How much is worked on.</param>
/// <param name="Ours">Does it.</param>
/// <param name="Theirs">Lets the tool do it.</param>
sealed record Comparison(string Name, string Against, long Bytes, Func<Task> Ours, Func<Task> Theirs)
{
    /// <summary>Measures in turns, so that whatever else the machine does meets both; each is first run once, unmeasured.</summary>
    public async Task<Measured> RunAsync(int runs)
    {
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var run = 0; run <= runs; run++)
        {
            var (mine, other) = (await SecondsAsync(Ours), await SecondsAsync(Theirs));
            if (run > 0)
            {
                ours.Add(mine);
                theirs.Add(other);
            }
        }

        return new(this, Median(ours), Median(theirs), ours.Zip(theirs, (mine, other) => other / mine).Order().ToList());
    }

    static async Task<double> SecondsAsync(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

/// <summary>What came out.</summary>
/// <param name="Of">What was compared.</param>
/// <param name="OurSeconds">Our median.</param>
/// <param name="TheirSeconds">The tool's median.</param>
/// <param name="Ratios">For each pair of runs, how many times as fast as the tool we were; ascending.</param>
sealed record Measured(Comparison Of, double OurSeconds, double TheirSeconds, IReadOnlyList<double> Ratios);
