using System.Diagnostics;
using System.Globalization;

namespace Sharing.Trials;

/// <summary>Shares with three lossy networks in a process that is killed again and again, until every line of the ledger is settled (row R3).</summary>
static class PublishingCourse
{
    /// <summary>How it went.</summary>
    /// <param name="Doubles">Posts shown more than once.</param>
    /// <param name="Missing">Posts not shown.</param>
    /// <param name="Kills">How often the process was killed.</param>
    /// <param name="Cut">How many replies were lost.</param>
    /// <param name="Unsettled">What the process said of lines that did not end as sent.</param>
    public sealed record Result(int Doubles, int Missing, int Kills, int Cut, string Unsettled)
    {
        public bool IsPerfect => this is { Doubles: 0, Missing: 0, Unsettled: "" };
    }

    /// <param name="child">The assembly of the process, which takes <c>publish FOLDER ADDRESS SHARES</c>.</param>
    /// <param name="shares">How many shares; each is a publish at three networks.</param>
    /// <param name="kills">How often the process is killed.</param>
    /// <param name="random">When.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Result> RunAsync(string child, int shares, int kills, Random random, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("sharing-").FullName;
        await using var sinks = await LossySinks.StartAsync(new Random(random.Next()));
        try
        {
            var said = "";
            for (var killed = 0; said.Length == 0; killed++)
            {
                var life = killed < kills ? TimeSpan.FromMilliseconds(random.Next(50, 2000)) : Timeout.InfiniteTimeSpan;
                said = await LiveAsync(child, ["publish", folder, sinks.Address.ToString(), shares.ToString(CultureInfo.InvariantCulture)], life, cancellationToken) ?? "";
                kills = said.Length > 0 ? killed : kills;
            }

            var expected = Enumerable.Range(0, shares).Select(TextOf).ToHashSet(StringComparer.Ordinal);
            var shown = LossySinks.Networks.Select(network => sinks.TextsAt(network).ToList()).ToList();
            return new(
                shown.Sum(texts => texts.Count - texts.Distinct(StringComparer.Ordinal).Count()),
                shown.Sum(texts => expected.Except(texts, StringComparer.Ordinal).Count()),
                kills, sinks.Cut, said == "settled" ? "" : said);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static string TextOf(int share) => string.Create(CultureInfo.InvariantCulture, $"share {share}");

    /// <summary>Starts the process, and kills it when its life is over, counted from its first line.</summary>
    /// <returns>Its last line, or <c>null</c> if it was killed.</returns>
    public static async Task<string?> LiveAsync(string assembly, string[] arguments, TimeSpan life, CancellationToken cancellationToken, Func<Task>? whenReady = null)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [assembly, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        try
        {
            _ = await process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("The process ended before it began.");
            await (whenReady?.Invoke() ?? Task.CompletedTask);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            over.CancelAfter(life);
            return await process.StandardOutput.ReadLineAsync(over.Token) ?? throw new InvalidOperationException("The process ended without a word.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            process.Kill(); // SIGKILL
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
