namespace Sharing.Tests.P2P;

/// <summary>libtorrent (the engine of qBittorrent) and Transmission, as they come from Debian, on a share's torrents.</summary>
public sealed class ForeignTorrentTests
{
    const int Length = (40 * 1024 * 1024) + 5;

    static string Script { get; } = Path.Combine(Laws.Repository.Root, "tests", "Sharing.Tests", "P2P", "torrents.py");

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("hybrid")]
    [Trait("Row", "D4")]
    public async Task Libtorrent_takes_from_server_and_terminal(string version)
    {
        await using var bench = await ForeignBench.StartAsync(Length, terminals: 1);
        var before = bench.Served.Bytes;
        var torrent = await bench.SaveAsync(bench.Link($"/torrent?version={version}&terminals=true"), "film.torrent");
        var (code, said) = await bench.RunAsync("/usr/bin/python3", Script, "fetch", torrent, bench.Folder);
        Assert.True(code == 0, said);
        bench.AssertFetched();
        Assert.True(bench.Served.Bytes > before, "Nothing came from the server.");
        Assert.True(bench.Terminals[0].Served.Bytes > 0, "Nothing came from the terminal.");
    }

    [Fact]
    [Trait("Row", "D4")]
    public async Task Libtorrent_is_led_to_terminals_range_by_range()
    {
        await using var bench = await ForeignBench.StartAsync(Length, terminals: 1, static options => options.LeadsToTerminals = true);
        var torrent = await bench.SaveAsync(bench.Link("/torrent"), "film.torrent");
        var (code, said) = await bench.RunAsync("/usr/bin/python3", Script, "fetch", torrent, bench.Folder);
        Assert.True(code == 0, said);
        bench.AssertFetched();
        Assert.Contains(bench.Served.Requests, static request => request is { Status: 302, Range.Length: > 0 });
        Assert.True(bench.Terminals[0].Served.Bytes > 0, "Nothing came from the terminal.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Row", "D4")]
    public async Task Transmission_fetches_from_the_server_alone_also_where_that_leads_it_to_a_terminal(bool leads)
    {
        await using var bench = await ForeignBench.StartAsync(Length, terminals: 1, options => options.LeadsToTerminals = leads);
        var torrent = await bench.SaveAsync(bench.Link("/torrent"), "film.torrent");
        var (configuration, finish) = (Path.Combine(bench.Folder, "transmission"), Path.Combine(bench.Folder, "finish"));
        Directory.CreateDirectory(configuration);
        await File.WriteAllTextAsync(Path.Combine(configuration, "settings.json"), """
            {"bind-address-ipv4":"127.0.0.1","bind-address-ipv6":"::1","dht-enabled":false,"lpd-enabled":false,"pex-enabled":false,"port-forwarding-enabled":false,"utp-enabled":false}
            """);
        await File.WriteAllTextAsync(finish, "#!/bin/sh\nkill $PPID\n");
        File.SetUnixFileMode(finish, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var (_, said) = await bench.RunAsync("transmission-cli", "-g", configuration, "-w", bench.Folder, "-M", "-B", "-p", $"{TerminalNode.FreePort()}", "-f", finish, torrent);
        Assert.True(File.Exists(Path.Combine(bench.Folder, "film.mkv")), said);
        bench.AssertFetched();
        Assert.Equal(leads, bench.Terminals[0].Served.Bytes > 0);
    }
}
