using System.Diagnostics;
using System.Net;
using Sharing.P2P;

namespace Sharing.Benchmarks;

/// <summary>Clients of other makers on a share's Metalink and torrents, against the same clients on nginx with the same file, the same pieces and as many sources.</summary>
/// <remarks>Linux. Each source has a loopback address of its own, since aria2 ranks its sources by address: the server and two terminals without TLS, three processes; nginx listens on all three. Transmission gets
/// one source, as our torrents name it only the server. What was fetched is compared by sha256sum, outside the time.</remarks>
sealed class ForeignComparison : Comparison
{
    const int Sources = 3;
    const string Aria2 = "aria2c --no-conf -q --enable-dht=false --bt-enable-lpd=false --file-allocation=none -s3 -k1M";
    const string Libtorrent = "/usr/bin/python3 torrents.py fetch";
    const string Transmission = "transmission-cli -M -B";

    readonly List<Process> _ours = [];
    Nginx _nginx = null!;
    string _folder = "";
    string _hash = "";
    int _mebibytes;

    public override string Name => "foreign";

    public override string About =>
        $"{_mebibytes} MiB by `{Aria2} -M` and by libtorrent (hybrid torrent, `{Libtorrent}`) from {Sources} sources, by `{Transmission}` (torrent of version 1) from one: a share's server and terminals, against nginx with sendfile; the smallest of the three ratios";

    public override double Target => 1 / 1.05;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides => [.. from client in (string[])["aria2", "libtorrent", "Transmission"] from who in (string[])["Sharing", "nginx"]
                                                                                    select ($"{client} on {who}", (Func<Task<Cost>>)(() => FetchAsync(client, who)))];

    public override int Judged => 3;

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
        ((string[])["aria2", "libtorrent", "Transmission"]).Select(client => ($"{client}, nginx ÷ Sharing", round[$"{client} on nginx"].Seconds / round[$"{client} on Sharing"].Seconds));

    public override async Task PrepareAsync(string folder, bool quick)
    {
        (_folder, _mebibytes) = (folder, quick ? 64 : 256);
        var files = Directory.CreateDirectory(Path.Combine(folder, "files")).FullName;
        var file = Path.Combine(files, "file.bin");
        RandomFile.Write(file, _mebibytes << 20);
        _hash = await ShaAsync(file);
        _nginx = await Nginx.StartAsync(folder, files, Sources);
        var port = Nginx.FreePort();
        var server = await StartAsync("swarm-server", Path.Combine(folder, "server"), $"127.0.0.1:{port}", file);
        for (var terminal = 2; terminal <= Sources; terminal++)
        {
            await StartAsync("plain-terminal", Path.Combine(folder, $"terminal{terminal}"), $"http://127.0.0.1:{port}/", $"127.0.0.{terminal}:{port}", server);
        }

        await SaveAsync($"http://127.0.0.1:{port}/s/{server}/metalink", "aria2 on Sharing");
        await SaveAsync($"http://127.0.0.1:{port}/s/{server}/torrent?version=hybrid&terminals=true", "libtorrent on Sharing");
        await SaveAsync($"http://127.0.0.1:{port}/s/{server}/torrent", "Transmission on Sharing");
        await DescribeNginxAsync(file);
        await File.WriteAllTextAsync(Path.Combine(folder, "finish"), "#!/bin/sh\nkill $PPID\n");
        await Rival.ShellAsync($"chmod +x {folder}/finish");
    }

    public override async ValueTask EndAsync()
    {
        foreach (var process in _ours)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        if (_nginx is not null)
        {
            await _nginx.DisposeAsync();
        }
    }

    /// <summary>Starts one of our processes, and reads its first line.</summary>
    async Task<string> StartAsync(params string[] work)
    {
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["work", .. work]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        _ours.Add(process);
        return await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"{work[0]} ended.");
    }

    /// <summary>Asks until it is there: the first time the hashes have to be made.</summary>
    Task SaveAsync(string address, string name) => Rival.ShellAsync($"curl -sSf --retry 50 -o '{_folder}/{name}' '{address}'");

    /// <summary>The same files about the same bytes, with nginx's addresses.</summary>
    async Task DescribeNginxAsync(string file)
    {
        using var hasher = new ContentHasher(new(default, new FileInfo(file).Length));
        await using (var bytes = File.OpenRead(file))
        {
            var buffer = new byte[1 << 20];
            while (await bytes.ReadAsync(buffer) is > 0 and var read)
            {
                hasher.Append(buffer.AsSpan(0, read));
            }
        }

        var hashes = hasher.Finish();
        var mirrors = Enumerable.Range(1, Sources).Select(source => new Mirror(new($"http://127.0.0.{source}:{_nginx.Port}/file.bin"), source)).ToArray();
        await WriteAsync("aria2 on nginx", MetalinkFile.Write("file.bin", hashes, mirrors, mirrors[0].Address, ""));
        await WriteAsync("libtorrent on nginx", TorrentFile.Write(TorrentVersion.Hybrid, "file.bin", hashes, mirrors.Select(static mirror => mirror.Address), ""));
        await WriteAsync("Transmission on nginx", TorrentFile.Write(TorrentVersion.One, "file.bin", hashes, [mirrors[0].Address], ""));
        Task WriteAsync(string name, ReadOnlyMemory<byte> content) => File.WriteAllBytesAsync(Path.Combine(_folder, name), content.ToArray());
    }

    async Task<Cost> FetchAsync(string client, string who)
    {
        var (what, into) = (Path.Combine(_folder, $"{client} on {who}"), Path.Combine(_folder, "fetched"));
        Directory.CreateDirectory(Path.Combine(into, "settings"));
        await File.WriteAllTextAsync(Path.Combine(into, "settings", "settings.json"), """
            {"bind-address-ipv4":"127.0.0.1","bind-address-ipv6":"::1","dht-enabled":false,"lpd-enabled":false,"pex-enabled":false,"port-forwarding-enabled":false,"utp-enabled":false,"ratio-limit-enabled":false}
            """);
        var cost = await Rival.ShellAsync(client switch
        {
            "aria2" => $"{Aria2} -d '{into}' -M '{what}'",
            "libtorrent" => $"cd '{AppContext.BaseDirectory}'; {Libtorrent} '{what}' '{into}' > /dev/null",
            _ => $"{Transmission} -p {Nginx.FreePort()} -g '{into}/settings' -w '{into}' -f '{_folder}/finish' '{what}' > /dev/null 2>&1 || true", // it ends by the signal of its own script
        });
        if (await ShaAsync(Path.Combine(into, "file.bin")) != _hash)
        {
            throw new InvalidOperationException($"{client} on {who} fetched something else.");
        }

        Directory.Delete(into, recursive: true);
        return cost;
    }

    static async Task<string> ShaAsync(string path)
    {
        using var process = Process.Start(new ProcessStartInfo("sha256sum", [path]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return said.Split(' ')[0];
    }
}
