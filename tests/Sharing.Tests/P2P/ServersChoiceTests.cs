using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.P2P;
using Sharing.Tests.Content;
using Sharing.Tests.Fetching;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.P2P;

/// <summary>What the server answers to a terminal that lets it choose among parts that no terminal has.</summary>
[Trait("Row", "D5")]
public sealed class ServersChoiceTests
{
    static readonly byte[] Bytes = Samples.Random(1, 30 * 1024 * 1024); // more than sockets hold
    static readonly ByteRun[] All = [new(0, Bytes.Length)];
    static readonly ByteRun[] Parts = [new(0, 1 << 20), new(1 << 20, 1 << 20)];

    [Fact]
    public async Task It_gives_what_was_given_to_the_fewest_and_nothing_where_others_get_all_of_it_just_now()
    {
        await using var bench = await StartAsync();
        var ticket = await TicketAsync(bench);
        using var first = bench.Server.Get<FirstCopies>().Choose(ticket.Content, Parts)!;
        Assert.Equal(0, first.Part);
        using (var answer = await AskAsync(bench, ticket.Ticket, Parts))
        {
            Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
            Assert.Equal(Bytes[(1 << 20)..(2 << 20)], await answer.Content.ReadAsByteArrayAsync());
        }

        using (var answer = await AskAsync(bench, ticket.Ticket, Parts))
        {
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }

        first.Dispose(); // it breaks off
        using (var answer = await AskAsync(bench, ticket.Ticket, Parts))
        {
            Assert.Equal(Bytes[..(1 << 20)], await answer.Content.ReadAsByteArrayAsync());
        }
    }

    /// <summary>A proxy would send the range that the terminal asked for, not the one that was chosen.</summary>
    [Fact]
    public async Task What_it_chose_it_sends_itself_also_behind_a_proxy_that_sends_the_rest()
    {
        using var folder = new TemporaryFolder();
        await using var bench = await SwarmBench.StartAsync(sharing => sharing.UseFolder(folder.Join("data")).WithServing(static serving => serving.AccelPrefix = "/kept/"));
        var ticket = await TicketAsync(bench);
        using var first = bench.Server.Get<FirstCopies>().Choose(ticket.Content, Parts)!;
        using (var chosen = await AskAsync(bench, ticket.Ticket, Parts))
        {
            Assert.Equal(Bytes[(1 << 20)..(2 << 20)], await chosen.Content.ReadAsByteArrayAsync());
        }

        using var asked = await bench.Server.Http.GetAsync(new Uri(bench.Server.Address, $"p/{ticket.Ticket}/content"), HttpCompletionOption.ResponseHeadersRead);
        Assert.StartsWith("/kept/", asked.Headers.GetValues("X-Accel-Redirect").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_broke_off_in_the_middle_is_given_to_the_next_who_asks()
    {
        await using var bench = await StartAsync();
        var ticket = await TicketAsync(bench);
        using (var broken = await AskAsync(bench, ticket.Ticket, All))
        {
            Assert.Equal(HttpStatusCode.PartialContent, broken.StatusCode);
            await (await broken.Content.ReadAsStreamAsync()).ReadExactlyAsync(new byte[1]);
            using var meanwhile = await AskAsync(bench, ticket.Ticket, All);
            Assert.Equal(HttpStatusCode.NoContent, meanwhile.StatusCode);
        }

        using var patience = new CancellationTokenSource(SwarmBench.Patience);
        HttpStatusCode said;
        do
        {
            using var next = await AskAsync(bench, ticket.Ticket, All, patience.Token);
            said = next.StatusCode;
        }
        while (said == HttpStatusCode.NoContent); // until the other end is seen to have gone

        Assert.Equal(HttpStatusCode.PartialContent, said);
    }

    /// <summary>Of what the server gave away it thinks by a clock that stands still: nothing becomes old.</summary>
    static Task<SwarmBench> StartAsync() => SwarmBench.StartAsync(services: static services => services.AddSingleton(new FirstCopies(new ManualClock())));

    static async Task<ShareManifest> TicketAsync(SwarmBench bench) => (await new HttpShares(bench.Server.Connect()).OpenAsync(null, await bench.ShareAsync(Bytes), null))!;

    static Task<HttpResponseMessage> AskAsync(SwarmBench bench, string ticket, ByteRun[] parts, CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(bench.Server.Address, $"p/{ticket}/content"));
        request.Headers.Range = new RangeHeaderValue(parts[0].Offset, parts[0].Offset + parts[0].Length - 1);
        request.Headers.TryAddWithoutValidation(AnyOf.Header, AnyOf.Write(parts));
        return bench.Server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }
}
