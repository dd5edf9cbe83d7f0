using Sharing.Core;
using Sharing.P2P;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.P2P;

public sealed class SwarmTests
{
    public static TheoryData<Lie> Lies => [.. Enum.GetValues<Lie>()];

    [Fact]
    [Trait("Row", "D4")]
    public async Task Terminals_that_fetch_together_give_each_other_what_they_have()
    {
        await using var bench = await SwarmBench.StartAsync();
        var bytes = Samples.Random(1, (20 * 1024 * 1024 + 5));
        var share = await bench.ShareAsync(bytes);
        var ready = new TaskCompletionSource();
        var running = new List<(TerminalNode Terminal, Task<SwarmFetch> Fetch)>();
        for (var i = 0; i < 4; i++)
        {
            var terminal = await bench.TerminalAsync();
            running.Add((terminal, terminal.FetchAsync(await terminal.OpenAsync(share), ready: ready.Task)));
        }

        await Task.Delay(300);
        ready.SetResult();
        var fromPeers = 0L;
        foreach (var (terminal, fetch) in running)
        {
            var one = await fetch;
            TransferProgress? last = null;
            var watching = Task.Run(async () =>
            {
                await foreach (var progress in one.Transfer.Progress)
                {
                    last = progress;
                }
            });
            Assert.Equal(bytes, await terminal.EndAsync(one));
            await watching;
            fromPeers += last!.FromPeers;
        }

        Assert.True(fromPeers > bytes.Length / 4, $"{fromPeers} of {4 * bytes.Length}");
    }

    [Fact]
    [Trait("Row", "D5")]
    public async Task A_terminal_that_has_all_suffices_when_the_server_is_gone()
    {
        await using var bench = await SwarmBench.StartAsync();
        var bytes = Samples.Random(1, (3 * 1024 * 1024 + 7));
        var share = await bench.ShareAsync(bytes);
        var (first, second) = (await bench.TerminalAsync(), await bench.TerminalAsync());
        Assert.Equal(bytes, await first.EndAsync(await first.FetchAsync(await first.OpenAsync(share))));
        await first.Index.AnnounceAsync((await first.OpenAsync(share)).Content, await first.Get<SwarmNode>().SelfAsync((await first.OpenAsync(share)).Content, default), (await first.OpenAsync(share)).Ticket);
        Assert.Equal(bytes, await second.EndAsync(await second.FetchAsync(await second.OpenAsync(share), server: false)));
    }

    [Theory]
    [MemberData(nameof(Lies))]
    [Trait("Row", "D7")]
    public async Task A_terminal_that_lies_costs_a_group_and_is_dropped(Lie lie)
    {
        await using var bench = await SwarmBench.StartAsync();
        var bytes = Samples.Random(1, (4 * 1024 * 1024) + 9);
        var share = await bench.ShareAsync(bytes);
        var port = TerminalNode.FreePort();
        await using var liar = await LyingPeer.StartAsync(lie, bytes, port);
        var terminal = await bench.TerminalAsync();
        var device = await liar.Identity.NameAsync();
        var ticket = (await new HttpShares(bench.Server.Connect()).OpenAsync(SwarmBench.Anna, share, device))!;
        await bench.Server.Get<IChunkIndex>().AnnounceAsync(ticket.Content, new() { Device = device, Addresses = [$"127.0.0.1:{port}"], IsWhole = true }, ticket.Ticket);
        var fetch = await terminal.FetchAsync(await terminal.OpenAsync(share));
        TransferProgress? last = null;
        var watching = Task.Run(async () =>
        {
            await foreach (var progress in fetch.Transfer.Progress)
            {
                last = progress;
            }
        });
        Assert.Equal(bytes, await terminal.EndAsync(fetch));
        await watching;
        Assert.InRange(last!.FromPeers, 0, lie == Lie.Endless ? bytes.Length : ContentTree.GroupSize); // what comes before the endless rest is right
    }
}
