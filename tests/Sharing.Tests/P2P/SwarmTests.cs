using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.P2P;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.P2P;

public sealed class SwarmTests
{
    [Fact]
    [Trait("Row", "D4")]
    public async Task Terminals_that_fetch_together_give_each_other_what_they_have()
    {
        await using var bench = await SwarmBench.StartAsync();
        var bytes = Samples.Random(1, (20 * 1024 * 1024 + 5));
        var share = await bench.ShareAsync(bytes);
        var terminals = new List<(TerminalNode Terminal, ShareManifest Manifest)>();
        for (var i = 0; i < 4; i++)
        {
            var terminal = await bench.TerminalAsync();
            var manifest = await terminal.OpenAsync(share);
            await terminal.AnnounceAsync(manifest); // so that all are known before the first begins
            terminals.Add((terminal, manifest));
        }

        var running = await Task.WhenAll(terminals.Select(static one => one.Terminal.FetchAsync(one.Manifest)));
        var fromPeers = 0L;
        foreach (var (fetch, (terminal, _)) in running.Zip(terminals))
        {
            var (fetched, last) = await terminal.EndToldAsync(fetch);
            Assert.Equal(bytes, fetched);
            fromPeers += last.FromPeers;
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
        await first.AnnounceAsync(await first.OpenAsync(share));
        Assert.Equal(bytes, await second.EndAsync(await second.FetchAsync(await second.OpenAsync(share), server: false)));
    }

    [Fact]
    [Trait("Row", "D7")]
    public async Task A_terminal_that_was_told_of_nobody_gets_it_from_whoever_visits_it()
    {
        var silence = new SilentTo();
        await using var bench = await SwarmBench.StartAsync(services: services => services.AddSingleton<IStartupFilter>(silence));
        var bytes = Samples.Random(3, 20 * 1024 * 1024);
        var share = await bench.ShareAsync(bytes);
        var (lonely, visitor) = (await bench.TerminalAsync(), await bench.TerminalAsync());
        var (manifest, others) = (await lonely.OpenAsync(share), await visitor.OpenAsync(share));
        silence.Ticket = manifest.Ticket;
        var fetch = await lonely.Get<SwarmNode>().FetchAsync(manifest, bench.Server.Address, new TellingNobody(lonely.Index));
        var self = await visitor.Get<SwarmNode>().SelfAsync(others, default);
        using var patience = new CancellationTokenSource(SwarmBench.Patience);
        while ((await visitor.Index.AnnounceAsync(others.Content, self, others.Ticket, patience.Token)).Members.All(static member => member.Addresses.Count == 0))
        {
            // until it was found where it says
        }

        Assert.Equal(bytes, await visitor.EndAsync(await visitor.FetchAsync(others)));
        Assert.Equal(bytes, await lonely.EndAsync(fetch));
    }

    [Fact]
    [Trait("Row", "D7")]
    public async Task The_server_may_go_in_the_middle_once_another_has_every_chunk()
    {
        await using var bench = await SwarmBench.StartAsync();
        var bytes = Samples.Random(2, 30 * 1024 * 1024);
        var share = await bench.ShareAsync(bytes);
        var (first, second) = (await bench.TerminalAsync(), await bench.TerminalAsync());
        var manifest = await first.OpenAsync(share);
        Assert.Equal(bytes, await first.EndAsync(await first.FetchAsync(manifest)));
        await first.AnnounceAsync(manifest);
        var begun = new TaskCompletionSource();
        var fetch = await second.FetchAsync(await second.OpenAsync(share), progress: new Progress<TransferProgress>(progress => _ = progress.Done > 0 && begun.TrySetResult()));
        await begun.Task.WaitAsync(SwarmBench.Patience);
        await bench.Server.StopAsync(new CancellationToken(canceled: true));
        Assert.Equal(bytes, await second.EndAsync(fetch));
    }

    [Fact]
    [Trait("Row", "D7")]
    public async Task A_fetch_that_was_stopped_goes_on_from_what_is_there()
    {
        await using var bench = await SwarmBench.StartAsync();
        var bytes = Samples.Random(3, 30 * 1024 * 1024);
        var share = await bench.ShareAsync(bytes);
        var terminal = await bench.TerminalAsync();
        var manifest = await terminal.OpenAsync(share);
        var half = new TaskCompletionSource();
        await using (await terminal.FetchAsync(manifest, progress: new Progress<TransferProgress>(progress => _ = progress.Done > bytes.Length / 2 && half.TrySetResult())))
        {
            await half.Task.WaitAsync(SwarmBench.Patience);
        }

        var fetch = await terminal.FetchAsync(manifest);
        var (fetched, last) = await terminal.EndToldAsync(fetch);
        Assert.Equal(bytes, fetched);
        Assert.InRange(last.FromServer, 0, bytes.Length / 2);
    }

    [Fact]
    [Trait("Row", "D5")]
    public async Task A_ticket_opens_one_share_for_a_while_and_nothing_without_one()
    {
        await using var bench = await SwarmBench.StartAsync();
        var (share, other) = (await bench.ShareAsync(Samples.Random(4, 100_000)), await bench.ShareAsync(Samples.Random(5, 100_000), "friends"));
        var shares = new HttpShares(bench.Server.Connect());
        var manifest = (await shares.OpenAsync(null, share, null))!;
        Assert.Null(await shares.OpenAsync(null, other, null)); // not a friend: like what is not there
        Assert.NotNull(await shares.OpenAsync(SwarmBench.Anna, other, null));
        Assert.Equal(200, await StatusAsync(manifest.Ticket));
        Assert.Equal(404, await StatusAsync(manifest.Content.ToString()));
        Assert.Equal(404, await StatusAsync(manifest.Ticket[..^2] + (manifest.Ticket[^2] == 'A' ? "BB" : "AA")));
        Assert.Equal(404, await StatusAsync("e30.AAAA"));
        var device = new string('a', 64);
        await Assert.ThrowsAsync<SharingException>(async () => await new HttpChunkIndex(bench.Server.Connect()).AnnounceAsync(manifest.Content, new() { Device = device }, manifest.Ticket)); // of no device

        async Task<int> StatusAsync(string ticket)
        {
            using var response = await bench.Server.Http.GetAsync(new Uri(bench.Server.Address, $"p/{ticket}/content"));
            return (int)response.StatusCode;
        }
    }

    /// <summary>An index that takes what it is told, and names nobody.</summary>
    sealed class TellingNobody(IChunkIndex index) : IChunkIndex
    {
        public async ValueTask<SwarmView> AnnounceAsync(ContentId content, SwarmMember member, string ticket, CancellationToken cancellationToken = default) =>
            await index.AnnounceAsync(content, member, ticket, cancellationToken) with { Members = [] };

        public ValueTask LeaveAsync(ContentId content, string device, string ticket, CancellationToken cancellationToken = default) => index.LeaveAsync(content, device, ticket, cancellationToken);
    }

    /// <summary>A server that gives one ticket the list of group hashes, and no bytes.</summary>
    sealed class SilentTo : IStartupFilter
    {
        public string? Ticket { get; set; }

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, following) => Ticket is not null && context.Request.Path.Value!.EndsWith($"/{Ticket}/content", StringComparison.Ordinal)
                ? Task.Delay(Timeout.Infinite, context.RequestAborted)
                : following(context));
            next(app);
        };
    }
}
