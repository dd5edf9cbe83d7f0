using System.Diagnostics;
using System.Globalization;

namespace Sharing.Benchmarks;

/// <summary>Loads a server by wrk, over 64 connections that stay, with one of our scripts.</summary>
static class Wrk
{
    /// <summary>Runs it.</summary>
    /// <exception cref="InvalidOperationException">It is not installed, or a request failed.</exception>
    public static async Task<(double Seconds, double Requests, double Bytes)> RunAsync(string script, int port, int seconds, params string[] arguments)
    {
        using var wrk = Process.Start(new ProcessStartInfo(
            "wrk", ["-t1", "-c64", "--timeout", "60s", $"-d{seconds}s", "-s", Path.Combine(AppContext.BaseDirectory, script), $"http://127.0.0.1:{port}/", "--", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("wrk did not start.");
        var said = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        var result = said.Split('\n').Single(line => line.StartsWith("RESULT ", StringComparison.Ordinal)).Split(' ')[1..].Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        return result[3] + result[4] == 0 ? (result[0] / 1e6, result[1], result[2]) : throw new InvalidOperationException($"Requests failed: {said}");
    }
}
