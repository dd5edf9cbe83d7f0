using System.Diagnostics;
using System.Globalization;
using Sharing.Core;

namespace Sharing.Benchmarks;

/// <summary>A file for eight terminals at once, each host in a network namespace of its own behind a token bucket; judged by what is physically possible.</summary>
/// <remarks>Kumar and Ross, "Peer-Assisted File Distribution: The Minimum Distribution Time", HotWeb 2006. Linux, as root. The bucket counts Ethernet frames, so that 1.06 of the bound is the least that can be.
/// Our terminals have fetched another file of 8 MiB together before, as terminals that run have: else nine runtimes that compile themselves share the processors. What the server sent is counted
/// where its link ends, for all sides.</remarks>
sealed class SwarmComparison : Comparison
{
    const int Terminals = 8;
    const int Server = 0;
    const int Megabits = 32;
    const int Port = 7400;

    readonly Hosts _hosts = new("swarm", "10.77.0", Terminals + 1);
    string _folder = "";
    ContentId _content;
    Nginx? _nginx;
    int _mebibytes;
    int _run;

    public override string Name => "swarm";

    public override string About =>
        $"{Terminals} terminals fetch {_mebibytes} MiB at once from a server, {Megabits} Mbit/s up for each of the nine, until the last is done; against the bound of Kumar and Ross, {Bound:0.00} s";

    public override double Target => 1 / 1.15;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides =>
    [
        ("Sharing", RunAsync), ("libtorrent", () => TorrentAsync("file.torrent", seed: true)), ("libtorrent, web seed", () => TorrentAsync("web.torrent", seed: false)),
    ];

    double Bytes => (double)(_mebibytes << 20);

    double Bound => Math.Max(Bytes * 8 / (Megabits * 1e6), Terminals * Bytes * 8 / ((Terminals + 1) * Megabits * 1e6));

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
    [
        .. round.Select(side => ($"the bound ÷ {side.Key}", Bound / side.Value.Seconds)),
        ("1.1 ÷ copies that the server sent", 1.1 / round["Sharing"].Copies),
    ];

    public override IReadOnlyList<string> Notes =>
    [
        $"Sharing: {Path.GetFileName(Environment.ProcessPath)} work swarm-terminal TO http://{_hosts.AddressOf(Server)}:{Port}/ HERE SHARE SHARE",
        $"libtorrent: /usr/bin/python3 {string.Join(' ', Torrent("file.torrent", "TO", 1)).Replace(AppContext.BaseDirectory, "", StringComparison.Ordinal).Replace(_folder, "FOLDER", StringComparison.Ordinal)}; with a web seed: web.torrent", Hosts.About,
    ];

    public override async Task PrepareAsync(string folder, bool quick)
    {
        (_folder, _mebibytes) = (folder, quick ? 16 : 64);
        var file = Path.Combine(folder, "file");
        RandomFile.Write(Path.Combine(folder, "before"), 8 << 20, seed: 2);
        RandomFile.Write(file, _mebibytes << 20);
        _content = await Blake3.HashFileAsync(file, 2);
        await Rival.RunAsync("/usr/bin/python3", Script, "make", file, Path.Combine(folder, "file.torrent"));
        await Rival.RunAsync("/usr/bin/python3", Script, "make", file, Path.Combine(folder, "web.torrent"), $"http://{_hosts.AddressOf(Server)}:{Port + 1}/file");
        await _hosts.MakeAsync();
        for (var host = 0; host <= Terminals; host++)
        {
            await _hosts.LimitFramesAsync(host, Megabits * 1e6);
        }

        _nginx = await Nginx.StartAsync(Directory.CreateDirectory(Path.Combine(folder, "nginx")).FullName, folder, _hosts, Server, Port + 1);
    }

    public override async ValueTask EndAsync()
    {
        await (_nginx?.DisposeAsync() ?? default);
        await _hosts.ClearAsync();
    }

    static string Script => Path.Combine(AppContext.BaseDirectory, "rival_libtorrent.py");

    string[] Torrent(string torrent, string to, int host) =>
    [
        Script, "swarm", Path.Combine(_folder, torrent), to, _hosts.AddressOf(host), $"{Port}", host == Server ? "seed" : "leech",
        .. Enumerable.Range(0, Terminals + 1).Where(other => other != host).Select(other => $"{_hosts.AddressOf(other)}:{Port}"),
    ];

    async Task<Cost> RunAsync()
    {
        var run = Path.Combine(_folder, $"run-{_run++}");
        using var server = _hosts.StartWork(Server, "swarm-server", Path.Combine(run, "server"), $"{_hosts.AddressOf(Server)}:{Port}", Path.Combine(_folder, "before"), Path.Combine(_folder, "file"));
        var (before, share) = (await Hosts.LineAsync(server), await Hosts.LineAsync(server));
        var terminals = Enumerable.Range(1, Terminals)
            .Select(host => _hosts.StartWork(host, "swarm-terminal", Path.Combine(run, $"{host}"), $"http://{_hosts.AddressOf(Server)}:{Port}/", $"{_hosts.AddressOf(host)}:{Port}", before, share)).ToArray();
        await TogetherAsync(terminals);
        var cost = await TogetherAsync(terminals);
        await EndAsync(terminals);
        await Hosts.KillAsync(server);
        Directory.Delete(run, recursive: true);
        return cost;
    }

    async Task<Cost> TorrentAsync(string torrent, bool seed)
    {
        var run = Directory.CreateDirectory(Path.Combine(_folder, $"run-{_run++}")).FullName;
        using var server = seed ? _hosts.Start(Server, "/usr/bin/python3", Torrent(torrent, _folder, Server)) : null;
        await (server is null ? Task.CompletedTask : Hosts.LineAsync(server));
        var terminals = Enumerable.Range(1, Terminals)
            .Select(host => _hosts.Start(host, "/usr/bin/python3", Torrent(torrent, Directory.CreateDirectory(Path.Combine(run, $"{host}")).FullName, host))).ToArray();
        var cost = await TogetherAsync(terminals);
        await EndAsync(terminals);
        await (server is null ? Task.CompletedTask : Hosts.KillAsync(server));
        for (var host = 1; host <= Terminals; host++)
        {
            if (await Blake3.HashFileAsync(Path.Combine(run, $"{host}", "file"), 2) != _content)
            {
                throw new InvalidOperationException("It fetched something else.");
            }
        }

        Directory.Delete(run, recursive: true);
        return cost;
    }

    static async Task EndAsync(Process[] terminals)
    {
        foreach (var terminal in terminals)
        {
            terminal.StandardInput.Close();
            await terminal.WaitForExitAsync();
            terminal.Dispose();
        }
    }

    /// <summary>Waits until all are ready, sends them off, and waits for the last.</summary>
    async Task<Cost> TogetherAsync(Process[] terminals)
    {
        foreach (var terminal in terminals)
        {
            await Hosts.LineAsync(terminal);
        }

        var before = _hosts.BytesFrom(Server);
        foreach (var terminal in terminals)
        {
            await terminal.StandardInput.WriteLineAsync("go");
        }

        var last = 0.0;
        foreach (var terminal in terminals)
        {
            last = Math.Max(last, double.Parse((await Hosts.LineAsync(terminal)).Split(' ')[0], CultureInfo.InvariantCulture));
        }

        return new(last, 0, Copies: (_hosts.BytesFrom(Server) - before) / Bytes);
    }
}
