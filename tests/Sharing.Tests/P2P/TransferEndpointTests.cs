using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.P2P;
using Sharing.Tests.Hosting;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.P2P;

/// <summary>Fetches of a real terminal, looked at from another process as its owner's programs do.</summary>
[Trait("Row", "D5")]
public sealed class TransferEndpointTests
{
    [Fact]
    public async Task A_fetch_can_be_looked_at_over_HTTP_until_it_is_let_go()
    {
        await using var bench = await SwarmBench.StartAsync();
        var bytes = Samples.Random(31, (3 * 1024 * 1024) + 5);
        var terminal = await bench.TerminalAsync();
        var manifest = await terminal.OpenAsync(await bench.ShareAsync(bytes));
        await using var host = await LookAsync(terminal.Get<IShareFetches>());
        var fetches = new HttpFetches(new ServerConnection(host.Http, host.Address, static (_, _) => ValueTask.FromResult<string?>(SharingHost.TokenOf(SwarmBench.Anna))));
        Assert.Empty(await fetches.ListAsync().ToListAsync());

        await using (var fetch = await terminal.FetchAsync(manifest))
        {
            await fetch.Transfer.Completion.WaitAsync(SwarmBench.Patience);
            var view = Assert.Single(await fetches.ListAsync().ToListAsync());
            Assert.Equal((manifest.Share, "film.mkv", bytes.Length, 13, "h0*13"), (view.Share, view.Name, view.Done, view.Count, view.Chunks));
            Assert.Equal(("127.0.0.1", SourceKind.Server, (long)bytes.Length, 0L), view.Sources.Select(source => (source.Name, source.Kind, source.BytesBrought, source.BytesWasted)).Single());
            Assert.Equal(view.Chunks, (await fetches.FindAsync(manifest.Content))!.Chunks);
            Assert.Equal(view.Chunks, (await fetches.WatchAsync(manifest.Content).LastAsync()).Chunks);
            var choice = (await fetches.ExplainAsync(manifest.Content, 12))!;
            Assert.Equal((12, 0, "127.0.0.1"), (choice.Chunk, choice.Others, Assert.Single(choice.Compared).Source));
            Assert.Contains(choice.Text, (string[])["No terminal had it: it comes from 127.0.0.1.", "No terminal had it. 127.0.0.1 chose it among several: it gave this one to the fewest."]);
            Assert.Null(await fetches.ExplainAsync(manifest.Content, 13));
        }

        Assert.Null(await fetches.FindAsync(manifest.Content));
        Assert.Empty(await fetches.WatchAsync(manifest.Content).ToListAsync());
    }

    [Fact]
    public async Task Nobody_looks_who_is_not_signed_in()
    {
        await using var host = await LookAsync(new RunningFetches());
        foreach (var path in (string[])["v1/transfers", $"v1/transfers/{Samples.IdOf([1])}", $"v1/transfers/{Samples.IdOf([1])}/events", $"v1/transfers/{Samples.IdOf([1])}/chunks/0"])
        {
            using var answer = await host.Http.GetAsync(new Uri(host.Address, path));
            Assert.Equal(401, (int)answer.StatusCode);
        }
    }

    [Fact]
    public async Task What_a_busy_server_says_of_its_price_is_in_the_choices_of_a_fetch()
    {
        await using var bench = await SwarmBench.StartAsync();
        var bytes = Samples.Random(32, 512 * 1024);
        var terminal = await bench.TerminalAsync();
        var manifest = await terminal.OpenAsync(await bench.ShareAsync(bytes));
        bench.Server.Get<IOptions<P2POptions>>().Value.EgressBytesPerSecond = 1;
        bench.Server.Get<EgressMeter>().Count(1_000_000_000);
        await using var fetch = await terminal.FetchAsync(manifest);
        await fetch.Transfer.Completion.WaitAsync(SwarmBench.Patience);
        var cost = Assert.Single((await fetch.Transfer.ExplainAsync(0))!.Compared).Cost!.Value;
        Assert.Equal(4 * 4e-6 * manifest.ChunkSize, cost.Price, 1e-3);
    }

    static Task<SharingHost> LookAsync(IShareFetches fetches) => SharingHost.StartAsync(static _ => { }, services => services.AddSingleton(fetches), SharingRoles.Terminal);
}
