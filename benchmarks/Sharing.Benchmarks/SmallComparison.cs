using System.Globalization;

namespace Sharing.Benchmarks;

/// <summary>Small contents, each durable before the next of its writer.</summary>
sealed class SmallComparison : Comparison
{
    string _folder = "";
    int _files;
    int _run;

    public override string Name => "small";

    public override string About => $"wall time of {_files} durable puts of 4 KiB by 8 writers, each acknowledged singly, against rows of a SQLite database (WAL, synchronous=FULL), and files by hand: write, fsync, rename, fsync the directory";

    public override double Target => 0.9;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides => [Side("small"), Side("small-sqlite"), Side("small-by-hand")];

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
    [
        ("wall, the better ÷ Sharing", Math.Min(round["small-sqlite"].Seconds, round["small-by-hand"].Seconds) / round["small"].Seconds),
        ("wall, SQLite ÷ Sharing", round["small-sqlite"].Seconds / round["small"].Seconds),
        ("wall, by hand ÷ Sharing", round["small-by-hand"].Seconds / round["small"].Seconds),
    ];

    public override Task PrepareAsync(string folder, bool quick)
    {
        (_folder, _files) = (folder, quick ? 2_000 : 10_000);
        return Task.CompletedTask;
    }

    (string Name, Func<Task<Cost>> Run) Side(string work) => (work, async () =>
    {
        var to = Path.Combine(_folder, $"run-{_run++}");
        Directory.CreateDirectory(to);
        var cost = await Rival.OursAsync(work, to, _files.ToString(CultureInfo.InvariantCulture));
        Directory.Delete(to, recursive: true);
        await Rival.RunAsync("sync", "-f", _folder);
        return cost;
    });
}
