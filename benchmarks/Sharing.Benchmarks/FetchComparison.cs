namespace Sharing.Benchmarks;

/// <summary>Fetching one large file into a store: verified, durable.</summary>
sealed class FetchComparison : Comparison
{
    string _folder = "";
    string _root = "";
    UsedMemory _memory = null!;
    Nginx _nginx = null!;
    int _run;
    int _files;
    int _mebibytes;

    public override string Name => "fetch";

    public override string About => $"wall and CPU time of fetching {_files} files of {_mebibytes} MiB from nginx in one process, hashed and stored durably, against curl and then b3sum, and aria2c, the memory being full of other files' pages";

    public override double Target => 1 / 1.1;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides =>
    [
        ("Sharing", () => FreshAsync(to => Rival.OursAsync(["fetch", to, .. Addresses]))),
        ("curl + b3sum", () => FreshAsync(to => Rival.ShellAsync($"mkdir {to}; cd {to}; curl -sf --remote-name-all {string.Join(' ', Addresses)}; b3sum *"))),
        ("aria2c", () => FreshAsync(to => Rival.RunAsync("aria2c", ["-q", "-j1", "-x4", "-Z", "-d", to, .. Addresses]))),
    ];

    string[] Addresses => [.. Enumerable.Range(0, _files).Select(i => $"http://127.0.0.1:{_nginx.Port}/{i}")];

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
    [
        ("wall, the better ÷ Sharing", Math.Min(round["curl + b3sum"].Seconds, round["aria2c"].Seconds) / round["Sharing"].Seconds),
        ("CPU, curl + b3sum ÷ Sharing", round["curl + b3sum"].CpuSeconds / round["Sharing"].CpuSeconds),
    ];

    public override async Task PrepareAsync(string folder, bool quick)
    {
        (_folder, _files, _mebibytes) = (folder, 4, quick ? 256 : 1024); // so that start-up does not count
        (_root, _memory) = (Path.Combine(folder, "root"), new UsedMemory(folder));
        Directory.CreateDirectory(_root);
        for (var i = 0; i < _files; i++)
        {
            RandomFile.Write(Path.Combine(_root, $"{i}"), _mebibytes << 20, seed: i);
        }

        _nginx = await Nginx.StartAsync(folder, _root);
    }

    public override ValueTask EndAsync() => _nginx.DisposeAsync();

    async Task<Cost> FreshAsync(Func<string, Task<Cost>> work)
    {
        var to = Path.Combine(_folder, $"run-{_run++}");
        _memory.Fill(_root);
        var cost = await work(to);
        Directory.Delete(to, recursive: true);
        await Rival.RunAsync("sync", "-f", _folder);
        return cost;
    }
}
