using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sharing.Trials;

/// <summary>Runs the trials that a results file does not hold yet, appending a line for each, and sums up.</summary>
sealed class TrialRunner(ITrial trial, int count, int seed, string file, TextWriter output)
{
    /// <summary>The odds that a failure rate is not above the bound that the summary names.</summary>
    const double Confidence = 0.95;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var results = ReadResults();
        for (var i = 0; i < count; i++)
        {
            if (!results.ContainsKey(i))
            {
                results[i] = await TryAsync(i, cancellationToken);
            }
        }

        var failures = results.Count(r => r.Key < count && !r.Value);
        var bound = (100 * UpperBound(count, failures)).ToString("0.##", CultureInfo.InvariantCulture);
        await output.WriteLineAsync($"{trial.Name}: {count} trials, {failures} failures, at most {bound} % at 95 %");
        return failures == 0 ? 0 : 1;
    }

    async Task<bool> TryAsync(int number, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var outcome = await RunOnceAsync(trial, number, seed, cancellationToken);
        var line = new JsonObject
        {
            ["trial"] = number,
            ["seed"] = seed,
            ["ok"] = outcome.Failure is null,
            ["ms"] = (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds,
        };
        if (outcome.Failure is { } failure)
        {
            line["failure"] = failure;
            await output.WriteLineAsync($"{trial.Name} {number}: {failure}");
        }

        foreach (var (name, value) in outcome.Facts)
        {
            line[name] = value?.DeepClone();
        }

        await File.AppendAllTextAsync(file, line.ToJsonString() + "\n", cancellationToken);
        return outcome.Failure is null;
    }

    public static async Task<TrialOutcome> RunOnceAsync(ITrial trial, int number, int seed, CancellationToken cancellationToken)
    {
        try
        {
            return await trial.RunAsync(number, new Random(unchecked((seed * 1_000_003) + number)), cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new TrialOutcome(e.ToString(), []);
        }
    }

    /// <summary>The results of earlier runs with the same seed; a line cut off by a crash is done again.</summary>
    Dictionary<int, bool> ReadResults()
    {
        var results = new Dictionary<int, bool>();
        if (!File.Exists(file))
        {
            return results;
        }

        foreach (var line in File.ReadLines(file))
        {
            try
            {
                var result = JsonNode.Parse(line)!;
                if (result["seed"]!.GetValue<int>() == seed)
                {
                    results[result["trial"]!.GetValue<int>()] = result["ok"]!.GetValue<bool>();
                }
            }
            catch (JsonException)
            {
                continue;
            }
        }

        return results;
    }

    /// <summary>The failure rate at which so few failures would be seen in one of twenty such runs (Clopper and Pearson).</summary>
    static double UpperBound(int trials, int failures)
    {
        var (low, high) = ((double)failures / Math.Max(1, trials), 1.0);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = AtMost(trials, failures, middle) > 1 - Confidence ? (middle, high) : (low, middle);
        }

        return high;
    }

    /// <summary>The odds of at most so many failures at a rate.</summary>
    static double AtMost(int trials, int failures, double rate)
    {
        var (sum, logChoose) = (0.0, 0.0);
        for (var k = 0; k <= failures; k++)
        {
            sum += Math.Exp(logChoose + (k * Math.Log(rate)) + ((trials - k) * Math.Log(1 - rate)));
            logChoose += Math.Log((double)(trials - k) / (k + 1));
        }

        return sum;
    }
}
