using System.Diagnostics;
using System.Globalization;
using Sharing.Core;

namespace Sharing.Benchmarks;

/// <summary>A client is killed at 65 % and started again: how much of what had come comes again, and how much of it is read again before it goes on.</summary>
/// <remarks>What had come is counted where the client's link ends, up to the moment of the kill. The list of group hashes, which ours fetches once besides the file, is not counted as fetched again.</remarks>
abstract class KilledComparison : SourcesComparison
{
    const double Part = 0.65;
    const double Allowed = 0.01;

    public override string About =>
        $"bytes of {Mebibytes} MiB from four sources that are fetched again after a SIGKILL at 65 %, as a share of those before; \"read again\": what the restarted client read of its own files before it fetched more";

    public override double Target => 1;

    protected override double Ideal => Bytes / 1e6 / Rates.Sum();

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides =>
    [
        ("Sharing", OursAsync), ("aria2", () => RivalAsync()), ("aria2 -V", () => RivalAsync("-V")),
    ];

    public override IReadOnlyList<string> Notes => [.. base.Notes.Where(static note => !note.StartsWith("libtorrent", StringComparison.Ordinal)), "aria2 -V: the same with -V; killed and started again with the same line"];

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
    [
        ("1 % ÷ fetched again by Sharing", Allowed / Math.Max(round["Sharing"].More["again"], 1e-4)),
        .. round.Select(side => ($"fetched again by {side.Key}, %", 100 * side.Value.More["again"])),
        ("read again by Sharing, %", 100 * round["Sharing"].More["read"]),
    ];

    Task<Cost> OursAsync() => FreshAsync(async to =>
    {
        using var first = await StartOursAsync(to);
        await Hosts.LineAsync(first);
        var start = Arrived;
        await first.StandardInput.WriteLineAsync("go");
        var before = await KillAsync(first, start);
        using var second = await StartOursAsync(to);
        start = Arrived;
        await Hosts.LineAsync(second);
        await second.StandardInput.WriteLineAsync("go");
        var said = (await Hosts.LineAsync(second)).Split(' ');
        await second.WaitForExitAsync();
        var cost = CostOf(before, Arrived - start, ContentTree.GroupCount((long)Bytes) * ContentId.Size);
        return cost with { More = new Dictionary<string, double>(cost.More, StringComparer.Ordinal) { ["read"] = long.Parse(said[2], CultureInfo.InvariantCulture) / (double)before } };
    });

    Task<Cost> RivalAsync(params string[] more) => FreshAsync(async to =>
    {
        var start = Arrived;
        using var first = StartAria(to, more);
        var before = await KillAsync(first, start);
        start = Arrived;
        using var second = StartAria(to, more);
        await second.WaitForExitAsync();
        var newest = Directory.GetFiles(to).OrderByDescending(File.GetLastWriteTimeUtc).First();
        await CheckAsync(newest); // it may have taken another name
        return CostOf(before, Arrived - start);
    });

    Cost CostOf(long before, long after, long besides = 0) => new(0, 0, Copies: (before + after) / Bytes)
    {
        More = new Dictionary<string, double>(StringComparer.Ordinal) { ["again"] = (before + after - Bytes - besides) / before },
    };

    async Task<long> KillAsync(Process client, long start)
    {
        while (Arrived - start < Part * Bytes)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }

        client.Kill();
        var before = Arrived - start;
        await client.WaitForExitAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System); // what is under way goes by
        return before;
    }
}

/// <summary>A small file.</summary>
sealed class ResumeComparison : KilledComparison
{
    public override string Name => "resume";

    protected override IReadOnlyList<double> Rates => [6, 6, 6, 6];
}

/// <summary>A large one, faster.</summary>
sealed class ResumeLargeComparison : KilledComparison
{
    public override string Name => "resume-large";

    protected override int Mebibytes => 1024;

    protected override IReadOnlyList<double> Rates => [40, 40, 40, 40];
}
