using System.Diagnostics;
using System.Globalization;
using Sharing.Core;

namespace Sharing.Benchmarks;

/// <summary>A client fetches from a slow origin when the resource lands in the offline library of its download server, which is fast: how long until all is there, over the least that is possible
/// where the origin is left alone from then on, and how soon the library's first byte is there.</summary>
/// <remarks>Linux, as root. The server keeps the post's resource when it is told to; from its own host it sees another, fast origin at the same address. aria2 is told of the library's address by
/// aria2.changeUri in the moment in which the client has 4 MB, and has nothing to prove what it has by.</remarks>
sealed class SwitchComparison : Comparison
{
    const int Client = 0;
    const int Origin = 1;
    const int Library = 2;
    const int Port = 7400;
    const int Mebibytes = 64;
    const double OriginRate = 1e6;
    const double LibraryRate = 24e6;
    const long LandsAt = 4_000_000;
    const double Bytes = (double)(Mebibytes << 20);
    static readonly string[] Files = ["before", "file"];

    readonly List<Nginx> _nginx = [];
    readonly Hosts _hosts = new("switch", "10.79.0", 3);
    string _folder = "";
    ContentId _content;
    int _run;

    public override string Name => "switch";

    public override string About => $"{Mebibytes} MiB lands in the library (24 MB/s of payload) when the client has 4 MB from the origin (1 MB/s); against what is possible from the landing on with the library alone";

    public override double Target => 1 / 1.05;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides => [("Sharing", OursAsync), ("aria2.changeUri", AriaAsync)];

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
    [
        .. round.Select(static side => ($"the ideal ÷ {side.Key}", side.Value.More["ideal"] / side.Value.Seconds)),
        ("0.1 s ÷ landing to first byte", 0.1 / round["Sharing"].More["first"]),
        ("landing to first byte, ms", 1000 * round["Sharing"].More["first"]),
        ("bytes fetched beyond the file, KiB", (round["Sharing"].Copies - 1) * Bytes / 1024),
    ];

    public override IReadOnlyList<string> Notes =>
    [
        $"Sharing: {Path.GetFileName(Environment.ProcessPath)} work landing-client TO {OriginOf("before")} POST {OriginOf("file")} POST http://{_hosts.AddressOf(Library)}:{Port}/",
        $"aria2: aria2c {string.Join(' ', Aria("TO"))}; aria2.changeUri [GID, 1, [{OriginOf("file")}], [http://{_hosts.AddressOf(Library)}:{Port + 1}/file]]", Hosts.About,
    ];

    public override async Task PrepareAsync(string folder, bool quick)
    {
        _folder = folder;
        var root = Directory.CreateDirectory(Path.Combine(folder, "root")).FullName;
        RandomFile.Write(Path.Combine(root, "before"), 1 << 20, seed: 2);
        RandomFile.Write(Path.Combine(root, "file"), Mebibytes << 20, seed: 1);
        _content = await Blake3.HashFileAsync(Path.Combine(root, "file"), 2);
        await _hosts.MakeAsync();
        await _hosts.LimitAsync(Origin, OriginRate);
        await _hosts.LimitAsync(Library, LibraryRate);
        var library = _hosts.SpaceOf(Library); // which answers to the origin's address from inside only
        await Rival.ShellAsync($"ip netns exec {library} sysctl -qw net.ipv4.conf.all.arp_ignore=1; ip -n {library} addr add {_hosts.AddressOf(Origin)}/32 dev lo");
        _nginx.Add(await Nginx.StartAsync(Directory.CreateDirectory(Path.Combine(folder, "origin")).FullName, root, _hosts, Origin, Port));
        _nginx.Add(await Nginx.StartAsync(Directory.CreateDirectory(Path.Combine(folder, "library")).FullName, root, _hosts, Library, Port + 1));
    }

    public override async ValueTask EndAsync()
    {
        foreach (var nginx in _nginx)
        {
            await nginx.DisposeAsync();
        }

        await _hosts.ClearAsync();
    }

    string OriginOf(string file) => $"http://{_hosts.AddressOf(Origin)}:{Port}/{file}";

    string[] Aria(string to) => ["-q", "--enable-rpc", "--gid=0123456789abcdef", "-d", to, "-o", "file", "-s1", "-k1M", "--file-allocation=none", "--no-conf", OriginOf("file")];

    async Task<Cost> OursAsync()
    {
        var (run, library) = (Path.Combine(_folder, $"run-{_run++}"), $"{_hosts.AddressOf(Library)}:{Port}");
        using var server = _hosts.StartWork(Library, ["landing-server", Path.Combine(run, "server"), Path.Combine(_folder, "root"), library, $"{_hosts.AddressOf(Origin)}:{Port}", .. Files.Select(OriginOf)]);
        var posts = new[] { await Hosts.LineAsync(server), await Hosts.LineAsync(server) };
        using var client = _hosts.StartWork(Client, ["landing-client", Path.Combine(run, "client"), $"http://{library}/", .. Files.Zip(posts, (file, post) => $"{OriginOf(file)},{post}")]);
        await Hosts.LineAsync(client);
        await client.StandardInput.WriteLineAsync("go");
        await server.StandardInput.WriteLineAsync("land");
        await Hosts.LineAsync(server);
        await Hosts.LineAsync(client);
        await Hosts.LineAsync(client);
        var before = _hosts.BytesTo(Client);
        await client.StandardInput.WriteLineAsync("go");
        await UntilAsync(before);
        await server.StandardInput.WriteLineAsync("land");
        var landed = double.Parse(await Hosts.LineAsync(server), CultureInfo.InvariantCulture);
        var said = (await Hosts.LineAsync(client)).Split(' ').Select(static text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var (started, first, ended) = (said[0], said[1], said[2]);
        var bytes = _hosts.BytesTo(Client) - before;
        client.StandardInput.Close();
        await client.WaitForExitAsync();
        await Hosts.KillAsync(server);
        Directory.Delete(run, recursive: true);
        return new(ended - started, 0, Copies: bytes / Bytes)
        {
            More = new Dictionary<string, double>(StringComparer.Ordinal) { ["ideal"] = IdealOf(landed - started), ["first"] = first - landed },
        };
    }

    async Task<Cost> AriaAsync()
    {
        var (to, before) = (Directory.CreateDirectory(Path.Combine(_folder, $"run-{_run++}")).FullName, _hosts.BytesTo(Client));
        var started = Stopwatch.GetTimestamp();
        using var aria = _hosts.Start(Client, "aria2c", Aria(to));
        await UntilAsync(before);
        var change = $$"""{"jsonrpc":"2.0","id":"1","method":"aria2.changeUri","params":["0123456789abcdef",1,["{{OriginOf("file")}}"],["http://{{_hosts.AddressOf(Library)}}:{{Port + 1}}/file"]]}""";
        var landed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await Rival.RunAsync("ip", "netns", "exec", _hosts.SpaceOf(Client), "curl", "-s", "-d", change, "http://127.0.0.1:6800/jsonrpc");
        while (File.Exists(Path.Combine(to, "file.aria2")))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }

        var (seconds, bytes) = (Stopwatch.GetElapsedTime(started).TotalSeconds, _hosts.BytesTo(Client) - before);
        await Hosts.KillAsync(aria);
        var same = await Blake3.HashFileAsync(Path.Combine(to, "file"), 2) == _content;
        Directory.Delete(to, recursive: true);
        return same
            ? new(seconds, 0, Copies: bytes / Bytes) { More = new Dictionary<string, double>(StringComparer.Ordinal) { ["ideal"] = IdealOf(landed), ["first"] = 0 } }
            : throw new InvalidOperationException("It fetched something else.");
    }

    async Task UntilAsync(long before)
    {
        while (_hosts.BytesTo(Client) - before < LandsAt)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }
    }

    /// <summary>The time from the start, if from the landing on the library alone gives at its full rate what the origin has not given by then.</summary>
    static double IdealOf(double landed) => landed + ((Bytes - (landed * OriginRate)) / LibraryRate);
}
