namespace Sharing.Benchmarks;

/// <summary>Taking files into a store: hashed, proven, durable.</summary>
sealed class IngestComparison : Comparison
{
    string _folder = "";
    int _files;
    int _run;

    public override string Name => "ingest";

    public override string About => $"wall time of taking {_files} files of 16 MiB into a durable store with hashes and proofs, against cp, b3sum and sync on the same disk";

    public override double Target => 0.9;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides =>
    [
        ("Sharing", () => FreshAsync(to => Rival.OursAsync("ingest", Path.Combine(_folder, "files"), to))),
        ("cp + b3sum + sync", () => FreshAsync(to => Rival.ShellAsync($"mkdir {to}; cp {_folder}/files/* {to}/; b3sum {to}/* > {to}/sums; sync -f {to}"))),
    ];

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
    [
        ("wall, theirs ÷ Sharing", round["cp + b3sum + sync"].Seconds / round["Sharing"].Seconds),
        ("CPU, theirs ÷ Sharing", round["cp + b3sum + sync"].CpuSeconds / round["Sharing"].CpuSeconds),
    ];

    public override Task PrepareAsync(string folder, bool quick)
    {
        (_folder, _files) = (folder, quick ? 16 : 64);
        Directory.CreateDirectory(Path.Combine(folder, "files"));
        for (var i = 0; i < _files; i++)
        {
            RandomFile.Write(Path.Combine(folder, "files", $"{i}"), 16 << 20, seed: i);
        }

        return Task.CompletedTask;
    }

    async Task<Cost> FreshAsync(Func<string, Task<Cost>> work)
    {
        var to = Path.Combine(_folder, $"run-{_run++}");
        var cost = await work(to);
        Directory.Delete(to, recursive: true);
        await Rival.RunAsync("sync", "-f", _folder); // the next side does not pay for this one
        return cost;
    }
}
