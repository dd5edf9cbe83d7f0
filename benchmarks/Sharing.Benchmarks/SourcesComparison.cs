using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Sharing.Core;

namespace Sharing.Benchmarks;

/// <summary>One client and some sources, each on a host of its own behind a token bucket: how long until the file is there, over the least that is possible, and how many bytes came for it.</summary>
/// <remarks>Linux, as root. Every side fetches from the same nginx on each source. Rates are of payload: what the buckets let through without the headers of frames, so that the least time
/// is the same for all. Bytes are counted where the client's link ends, so that what a side asked for and threw away counts, too. aria2's time includes its start, of 20 ms.</remarks>
abstract class SourcesComparison : Comparison
{
    protected const int Port = 7400;
    const int Client = 0;
    const long Piece = 1024 * 1024;

    Hosts _hosts = null!;
    List<Nginx> _sources = [];
    string _before = "";
    int _run;

    /// <summary>What each source sends, in MB of payload a second.</summary>
    protected abstract IReadOnlyList<double> Rates { get; }

    /// <summary>The least time that is possible.</summary>
    protected abstract double Ideal { get; }

    protected virtual int Mebibytes => 64;

    /// <summary>The source that corrupts what it sends; 0: none.</summary>
    protected virtual int Corrupt => 0;

    protected string Folder { get; private set; } = "";

    protected Hosts Hosts => _hosts;

    protected double Bytes => (double)((long)Mebibytes << 20);

    protected int Sources => Rates.Count;

    /// <summary>The bytes that have come to the client so far.</summary>
    protected long Arrived => _hosts.BytesTo(Client);

    protected ContentId Content { get; private set; }

    protected string[] Addresses(string file) => [.. Enumerable.Range(1, Sources).Select(source => $"http://{_hosts.AddressOf(source)}:{Port}/p/{file}/")];

    /// <summary>Our own work: a file of 8 MiB first, as a program that runs has done something before.</summary>
    protected string[] Ours(string folder) => ["parts", folder, _before, string.Join(',', [$"{Content}", $"{(long)Bytes}", .. Addresses("file")])];

    protected string[] Aria(string to) =>
        ["-q", "-M", Path.Combine(Folder, "file.meta4"), "-d", to, "-o", "file", $"-s{Sources}", "-k1M", "-x1", "--file-allocation=none", "--no-conf", "--follow-metalink=mem"];

    protected string[] Torrent(string to) => [Path.Combine(AppContext.BaseDirectory, "rival_libtorrent.py"), "web", Path.Combine(Folder, "file.torrent"), to];

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides => [("Sharing", OursAsync), ("aria2", AriaAsync), ("libtorrent", TorrentAsync)];

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
        round.Select(side => ($"the ideal ÷ {side.Key}", Ideal / side.Value.Seconds)).Append(("1.01 ÷ copies that Sharing fetched", 1.01 / round["Sharing"].Copies));

    public override IReadOnlyList<string> Notes =>
    [
        $"Sharing: {Path.GetFileName(Environment.ProcessPath)} work {string.Join(' ', Ours("TO"))}", $"aria2: aria2c {string.Join(' ', Aria("TO"))}",
        $"libtorrent: /usr/bin/python3 {string.Join(' ', Torrent("TO"))}", Hosts.About,
    ];

    public override async Task PrepareAsync(string folder, bool quick)
    {
        Folder = folder;
        _hosts = new Hosts("many", "10.78.0", Sources + 1);
        await _hosts.MakeAsync();
        _before = string.Join(',', [$"{await MakeFileAsync("before", 8, seed: 2)}", $"{8 << 20}", .. Addresses("before")]);
        Content = await MakeFileAsync("file", Mebibytes, seed: 1);
        for (var source = 1; source <= Sources; source++)
        {
            await _hosts.LimitAsync(source, Rates[source - 1] * 1e6);
            var place = Directory.CreateDirectory(Path.Combine(folder, $"source-{source}")).FullName;
            _sources.Add(await Nginx.StartAsync(place, source == Corrupt ? await CorruptedAsync() : Path.Combine(folder, "root"), _hosts, source, Port));
        }
    }

    public override async ValueTask EndAsync()
    {
        foreach (var source in _sources)
        {
            await source.DisposeAsync();
        }

        await _hosts.ClearAsync();
    }

    /// <summary>What happens while a side fetches; ends when the side ends.</summary>
    protected virtual Task MeanwhileAsync(CancellationToken ended) => Task.CompletedTask;

    /// <summary>Lets a side fetch into a new folder.</summary>
    protected async Task<Cost> FreshAsync(Func<string, Task<Cost>> fetch)
    {
        var (to, cpu) = (Directory.CreateDirectory(Path.Combine(Folder, $"run-{_run++}")).FullName, Rival.CpuOfChildren());
        var cost = await fetch(to);
        Directory.Delete(to, recursive: true);
        return cost with { CpuSeconds = Rival.CpuOfChildren() - cpu };
    }

    /// <summary>Lets something happen while a side fetches, and counts what came.</summary>
    protected async Task<Cost> CountedAsync(Func<Task<double>> fetch)
    {
        var before = _hosts.BytesTo(Client);
        using var ended = new CancellationTokenSource();
        var meanwhile = MeanwhileAsync(ended.Token);
        var seconds = await fetch();
        var bytes = _hosts.BytesTo(Client) - before;
        await ended.CancelAsync();
        await meanwhile;
        return new(seconds, 0, Copies: bytes / Bytes);
    }

    /// <summary>Starts ours, which has fetched something else already when this ends.</summary>
    protected async Task<Process> StartOursAsync(string to)
    {
        var ours = _hosts.StartWork(Client, Ours(to));
        await GoAsync(ours);
        return ours;
    }

    /// <summary>Waits until a program is ready, sends it off, and waits for its time.</summary>
    protected static async Task<double> GoAsync(Process program)
    {
        await Hosts.LineAsync(program);
        await program.StandardInput.WriteLineAsync("go");
        return double.Parse((await Hosts.LineAsync(program)).Split(' ')[0], CultureInfo.InvariantCulture);
    }

    protected Process StartAria(string to, params string[] more) => _hosts.Start(Client, "aria2c", [.. Aria(to), .. more]);

    Task<Cost> OursAsync() => FreshAsync(async to =>
    {
        using var ours = await StartOursAsync(to);
        var cost = await CountedAsync(() => GoAsync(ours)); // which checks the content's hash
        await ours.WaitForExitAsync();
        return cost;
    });

    Task<Cost> AriaAsync() => FreshAsync(async to =>
    {
        var cost = await CountedAsync(async () =>
        {
            var started = Stopwatch.GetTimestamp();
            using var aria = StartAria(to);
            await aria.WaitForExitAsync();
            return Stopwatch.GetElapsedTime(started).TotalSeconds;
        });
        await CheckAsync(Path.Combine(to, "file"));
        return cost;
    });

    Task<Cost> TorrentAsync() => FreshAsync(async to =>
    {
        using var torrent = _hosts.Start(Client, "/usr/bin/python3", Torrent(to));
        var cost = await CountedAsync(() => GoAsync(torrent));
        await torrent.WaitForExitAsync();
        await CheckAsync(Path.Combine(to, "file"));
        return cost;
    });

    protected async Task CheckAsync(string file)
    {
        if (await Blake3.HashFileAsync(file, 2) != Content)
        {
            throw new InvalidOperationException("It fetched something else.");
        }
    }

    /// <summary>A file as every source has it, its group hashes, and how the others are told of it.</summary>
    async Task<ContentId> MakeFileAsync(string name, int mebibytes, int seed)
    {
        var place = Directory.CreateDirectory(Path.Combine(Folder, "root", "p", name)).FullName;
        var path = Path.Combine(place, "content");
        RandomFile.Write(path, mebibytes << 20, seed);
        var (hash, sha) = (new byte[ContentId.Size], new List<string>());
        await using var groups = File.Create(Path.Combine(place, "groups"));
        await using var file = File.OpenRead(path);
        var buffer = new byte[Piece];
        for (var group = 0L; await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false) > 0;)
        {
            sha.Add(Convert.ToHexStringLower(SHA256.HashData(buffer)));
            for (var at = 0; at < buffer.Length; at += ContentTree.GroupSize)
            {
                ContentTree.HashGroup(buffer.AsSpan(at, ContentTree.GroupSize), group++, hash);
                groups.Write(hash);
            }
        }

        var urls = Addresses(name).Select(address => address + "content");
        await File.WriteAllTextAsync(
            Path.Combine(Folder, name + ".meta4"),
            $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <metalink xmlns="urn:ietf:params:xml:ns:metalink"><file name="file"><size>{mebibytes << 20}</size>
            <pieces length="{Piece}" type="sha-256">{string.Concat(sha.Select(static piece => $"<hash>{piece}</hash>"))}</pieces>
            {string.Concat(urls.Select(static url => $"<url>{url}</url>"))}</file></metalink>
            """);
        await Rival.RunAsync("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "rival_libtorrent.py"), "make", path, Path.Combine(Folder, name + ".torrent"), .. urls]);
        return await Blake3.HashFileAsync(path, 2);
    }

    /// <summary>The same files, one byte of every 16 KiB changed.</summary>
    async Task<string> CorruptedAsync()
    {
        var root = Path.Combine(Folder, "corrupt");
        await Rival.ShellAsync($"cp -r {Path.Combine(Folder, "root")} {root}");
        await using var file = File.Open(Path.Combine(root, "p", "file", "content"), FileMode.Open);
        for (var at = 0L; at < file.Length; at += 16 * 1024)
        {
            file.Position = at;
            var right = file.ReadByte();
            file.Position = at;
            file.WriteByte((byte)~right);
        }

        return root;
    }
}
