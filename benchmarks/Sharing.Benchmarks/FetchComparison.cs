namespace Sharing.Benchmarks;

/// <summary>Fetching one large file into a store: verified, durable.</summary>
sealed class FetchComparison : Comparison
{
    string _folder = "";
    Nginx _nginx = null!;
    int _run;
    int _mebibytes;

    public override string Name => "fetch";

    public override string About => $"wall and CPU time of fetching {_mebibytes} MiB from nginx, hashed and stored durably, against curl and then b3sum, and aria2c";

    public override double Target => 1 / 1.1;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides =>
    [
        ("Sharing", () => FreshAsync(to => Rival.OursAsync("fetch", Address, to))),
        ("curl + b3sum", () => FreshAsync(to => Rival.ShellAsync($"mkdir {to}; curl -sf -o {to}/file {Address}; b3sum {to}/file"))),
        ("aria2c", () => FreshAsync(to => Rival.RunAsync("aria2c", "-q", "-x4", "-d", to, Address))),
    ];

    string Address => $"http://127.0.0.1:{_nginx.Port}/file";

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
    [
        ("wall, the better ÷ Sharing", Math.Min(round["curl + b3sum"].Seconds, round["aria2c"].Seconds) / round["Sharing"].Seconds),
        ("CPU, curl + b3sum ÷ Sharing", round["curl + b3sum"].CpuSeconds / round["Sharing"].CpuSeconds),
    ];

    public override async Task PrepareAsync(string folder, bool quick)
    {
        (_folder, _mebibytes) = (folder, quick ? 256 : 1024);
        var root = Path.Combine(folder, "root");
        Directory.CreateDirectory(root);
        RandomFile.Write(Path.Combine(root, "file"), _mebibytes << 20);
        _nginx = await Nginx.StartAsync(folder, root);
    }

    public override ValueTask EndAsync() => _nginx.DisposeAsync();

    async Task<Cost> FreshAsync(Func<string, Task<Cost>> work)
    {
        var to = Path.Combine(_folder, $"run-{_run++}");
        var cost = await work(to);
        Directory.Delete(to, recursive: true);
        await Rival.RunAsync("sync", "-f", _folder);
        return cost;
    }
}
