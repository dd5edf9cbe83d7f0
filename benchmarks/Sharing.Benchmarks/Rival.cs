using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Sharing.Benchmarks;

/// <summary>A program run as people would run it, and what it took.</summary>
static partial class Rival
{
    const int Children = -1;

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="InvalidOperationException">It is not installed, or it failed.</exception>
    public static async Task<Cost> RunAsync(string tool, params string[] arguments)
    {
        var (started, cpu) = (Stopwatch.GetTimestamp(), CpuOfChildren());
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { UseShellExecute = false, RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"{tool} did not start.");
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? new(Stopwatch.GetElapsedTime(started).TotalSeconds, CpuOfChildren() - cpu)
            : throw new InvalidOperationException($"{tool} ended with {process.ExitCode}.");
    }

    /// <summary>Runs a piece of work of our own in a process of its own, so that its cost is counted like a rival's.</summary>
    public static Task<Cost> OursAsync(params string[] work) => RunAsync(Environment.ProcessPath!, ["work", .. work]);

    /// <summary>A shell's line.</summary>
    public static Task<Cost> ShellAsync(string line) => RunAsync("bash", "-c", $"set -e; {line}");

    /// <summary>The processor time of all children that have ended, in seconds.</summary>
    public static double CpuOfChildren()
    {
        Span<long> usage = stackalloc long[18]; // struct rusage: user seconds and microseconds, then the system's
        if (GetUsage(Children, ref MemoryMarshal.GetReference(usage)) != 0)
        {
            throw new InvalidOperationException("getrusage failed.");
        }

        return usage[0] + usage[2] + ((usage[1] + usage[3]) / 1e6);
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, ref long usage);
}
