using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Sharing.Trials.Ssrf;

/// <summary>Starts the process that has forbidden addresses fetched, in a network namespace of its own, and hears what came of it.</summary>
static class GuardingCourse
{
    /// <param name="child">The assembly of the process.</param>
    /// <param name="seed">Chooses samples and their order.</param>
    /// <param name="part">Which of the parts, from 0.</param>
    /// <param name="parts">In how many parts the spellings are cut.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <exception cref="InvalidOperationException">It could not be started so, or broke.</exception>
    public static async Task<JsonObject> RunAsync(string child, int seed, int part, int parts, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("sharing-ssrf-").FullName;
        try
        {
            string[] numbers = [.. new[] { seed, part, parts }.Select(number => number.ToString(CultureInfo.InvariantCulture))];
            string[] asRoot = Environment.IsPrivilegedProcess ? [] : ["--map-root-user"];
            using var process = Process.Start(new ProcessStartInfo(
                "unshare", ["--net", "--mount", .. asRoot, "--fork", "--kill-child", "dotnet", child, "ssrf", folder, .. numbers])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            await using var killing = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
            var (said, complained) = (process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
            await process.WaitForExitAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            return process.ExitCode == 0
                ? JsonNode.Parse(await said)!.AsObject()
                : throw new InvalidOperationException($"The process in its namespace ended with {process.ExitCode}: {await said}{await complained}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
