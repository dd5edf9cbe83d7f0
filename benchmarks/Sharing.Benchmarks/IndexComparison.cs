using System.Diagnostics;
using Microsoft.Extensions.Options;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing.Benchmarks;

/// <summary>Terminals that announce themselves again and are told of others: the steady state of an index, over HTTP.</summary>
sealed class IndexComparison : Comparison
{
    const int Contents = 200;
    const int Terminals = 100;
    const int AllowedBytes = 200;
    const string Tracker = "bittorrent-tracker@11.2.3";

    readonly int[] _ports = [Nginx.FreePort(), Nginx.FreePort()];
    readonly Process[] _servers = new Process[2];
    string _folder = "";
    int _seconds, _pairs;

    public override string Name => "index";

    public override string About =>
        $"announcements of {Terminals} terminals for each of {Contents} contents, each answered with 50 others, for {_seconds} seconds over 64 connections (wrk -t1); requests a second and core of the server; memory of {_pairs:N0} pairs of terminal and content";

    public override double Target => 2;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides =>
    [
        ("Sharing", () => WrkAsync(0, "ours.txt")),
        ("tracker", () => WrkAsync(1, "theirs.txt")),
        ("memory, index", () => MemoryAsync(advises: false)),
        ("memory, with advice", () => MemoryAsync(advises: true)),
    ];

    public override IReadOnlyList<string> Notes =>
    [
        $"tracker: npm {Tracker}, HTTP alone, compact answers, numwant 50. Sharing: a host with the roles data and index, tickets shown before, addresses proven before, advice with each answer, each terminal seen in a network of its own, answers",
        "that name each terminal by 64 digits, with its chunks: an answer of ours is some 25 times as long.",
    ];

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
    [
        ("requests a second and core, Sharing ÷ tracker", round["Sharing"].Rate / round["tracker"].Rate),
        ("bytes of a pair in the index, without its chunks", round["memory, index"].More["bytes"]),
        ($"{AllowedBytes} bytes ÷ that", AllowedBytes / round["memory, index"].More["bytes"]),
        ("bytes of a pair, with what advice remembers", round["memory, with advice"].More["bytes"]),
        ("bytes of an answer, Sharing", round["Sharing"].More["answer"]),
        ("bytes of an answer, tracker", round["tracker"].More["answer"]),
    ];

    public override async Task PrepareAsync(string folder, bool quick)
    {
        (_folder, _seconds, _pairs) = (folder, quick ? 2 : 8, quick ? 100_000 : 1_000_000);
        await Rival.ShellAsync($"cp '{Path.Combine(AppContext.BaseDirectory, "rival_tracker.mjs")}' '{folder}' && cd '{folder}' && npm install --omit=optional --ignore-scripts --no-audit --no-fund --no-save --loglevel=error {Tracker}");
        _servers[0] = await StartAsync(Environment.ProcessPath!, ["work", "index-server", Path.Combine(folder, "server"), $"{_ports[0]}", Path.Combine(folder, "ours.txt"), $"{Contents}", $"{Terminals}"]);
        _servers[1] = await StartAsync("node", [Path.Combine(folder, "rival_tracker.mjs"), $"{_ports[1]}"]);
        await File.WriteAllLinesAsync(Path.Combine(folder, "theirs.txt"), Indexing.Order(Contents, Terminals).Select(static pair =>
            $"GET\t/announce?info_hash={string.Concat(Enumerable.Repeat($"%{pair.Content:x2}", 20))}&peer_id=-XX0001-{pair.Terminal:d12}&port={7000 + pair.Terminal}&uploaded=0&downloaded=0&left=1000&compact=1&numwant=50\t{Indexing.FromOf(pair.Terminal)}\t"));
    }

    public override async ValueTask EndAsync()
    {
        foreach (var server in _servers.OfType<Process>())
        {
            server.Kill();
            await server.WaitForExitAsync();
            server.Dispose();
        }
    }

    static async Task<Process> StartAsync(string program, string[] arguments)
    {
        var server = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        return await server.StandardOutput.ReadLineAsync() == "ready" ? server : throw new InvalidOperationException($"{program} did not start.");
    }

    async Task<Cost> WrkAsync(int side, string requests)
    {
        var cpu = Nginx.CpuOf(_servers[side].Id);
        var (seconds, answered, bytes) = await Wrk.RunAsync("wrk_index.lua", _ports[side], _seconds, Path.Combine(_folder, requests));
        cpu = Nginx.CpuOf(_servers[side].Id) - cpu;
        return new(seconds, cpu, answered / cpu) { More = new Dictionary<string, double>(StringComparer.Ordinal) { ["answer"] = bytes / answered } };
    }

    /// <summary>What pairs take in memory, measured by the collector: for each terminal an address, and no chunks.</summary>
    async Task<Cost> MemoryAsync(bool advises)
    {
        var (options, before) = (Options.Create(new P2POptions { ProvesAddresses = false }), GC.GetTotalMemory(forceFullCollection: true));
        var (keys, door) = (new EveryTicket(), new PeerDoor(new EveryTicket(), null!, options, TimeProvider.System));
        using var index = new MemoryChunkIndex(keys, new Indexing.FoundEverywhere(), options, TimeProvider.System);
        var advice = new ServerAdvice(keys, door, new EgressMeter(TimeProvider.System), options, TimeProvider.System);
        var started = Stopwatch.GetTimestamp();
        for (var pair = 0; pair < _pairs; pair++)
        {
            var (content, terminal) = (Indexing.IdOf(pair / 1000), pair % 1000);
            var member = Indexing.Member(terminal, "");
            await index.AnnounceAsync(content, member, member.Device);
            if (advises)
            {
                advice.Announced(content, member, System.Net.IPAddress.Loopback, []);
            }
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(index);
        GC.KeepAlive(advice);
        return new(seconds, 0, _pairs / seconds) { More = new Dictionary<string, double>(StringComparer.Ordinal) { ["bytes"] = (double)bytes / _pairs } };
    }

    /// <summary>Opens everything to the device that a ticket names.</summary>
    sealed class EveryTicket : ITicketKeys
    {
        public ValueTask<ShareTicket?> CheckAsync(string ticket, ContentId content, CancellationToken cancellationToken = default) =>
            new(new ShareTicket { Share = ShareId.New(), Content = content, Length = 1, Device = ticket, Expires = DateTimeOffset.MaxValue });
    }
}
