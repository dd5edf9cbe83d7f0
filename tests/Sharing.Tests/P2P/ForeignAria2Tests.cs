namespace Sharing.Tests.P2P;

/// <summary>aria2, as it comes from Debian, on a share's link and on its Metalink.</summary>
public sealed class ForeignAria2Tests
{
    const int Length = (32 * 1024 * 1024) + 5;

    [Fact]
    [Trait("Row", "D4")]
    public async Task Aria2_on_the_plain_link_takes_from_server_and_terminals()
    {
        await using var bench = await ForeignBench.StartAsync(Length, terminals: 2);
        var (before, terminals) = (bench.Served.Bytes, bench.Terminals.Select(static terminal => terminal.Served).ToArray());
        var (code, said) = await bench.Aria2Async(bench.Link().AbsoluteUri);
        Assert.True(code == 0, said);
        bench.AssertFetched();
        Assert.All((long[])[bench.Served.Bytes - before, .. terminals.Select(static served => served.Bytes)], static bytes => Assert.True(bytes > 0));
        Assert.True(bench.Served.Bytes - before < Length * 3 / 4, $"The server gave {bench.Served.Bytes - before}.");
    }

    [Fact]
    [Trait("Row", "D4")]
    public async Task Aria2_on_the_metalink_takes_from_server_and_terminals()
    {
        await using var bench = await ForeignBench.StartAsync(Length, terminals: 2);
        var before = bench.Served.Bytes;
        var (code, said) = await bench.Aria2Async(await bench.SaveAsync(bench.Link("/metalink"), "film.meta4"), "-M");
        Assert.True(code == 0, said);
        bench.AssertFetched();
        Assert.All((long[])[bench.Served.Bytes - before, .. bench.Terminals.Select(static terminal => terminal.Served.Bytes)], static bytes => Assert.True(bytes > 0));
    }

    [Fact]
    [Trait("Row", "D7")]
    public async Task Aria2_gets_the_right_file_where_one_terminal_sends_wrong_bytes()
    {
        await using var bench = await ForeignBench.StartAsync(Length, terminals: 1);
        var liar = await bench.LiarAsync();
        var (code, said) = await bench.Aria2Async(bench.Link().AbsoluteUri);
        Assert.True(code == 0, said);
        bench.AssertFetched();
        Assert.True(liar.Served.Bytes > 0, "Nothing was asked of the liar.");
        Assert.True(bench.Terminals[0].Served.Bytes > 0, "Nothing was asked of the honest one.");
    }

    [Fact]
    [Trait("Row", "D4")]
    public async Task Aria2_is_led_to_terminals_range_by_range()
    {
        await using var bench = await ForeignBench.StartAsync(Length, terminals: 1, static options => options.LeadsToTerminals = true);
        var address = (await bench.AskAsync(bench.Link())).Headers.Location!;
        var (code, said) = await bench.RunAsync("aria2c", "--no-conf", "-x4", "-s4", "-k1M", "-d", bench.Folder, "-o", "film.mkv", new Uri(bench.Server.Address, address).AbsoluteUri);
        Assert.True(code == 0, said);
        bench.AssertFetched();
        Assert.Contains(bench.Served.Requests, static request => request is { Status: 302, Range.Length: > 0 });
        Assert.True(bench.Terminals[0].Served.Bytes > 0, "Nothing came from the terminal.");
    }
}
