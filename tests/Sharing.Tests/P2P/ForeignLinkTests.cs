using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Xml.Linq;
using Sharing.P2P;
using Sharing.Tests.Hosting;

namespace Sharing.Tests.P2P;

/// <summary>What a share's link answers.</summary>
public sealed class ForeignLinkTests
{
    const int Length = (3 * 1024 * 1024) + 5;

    static readonly XNamespace Ns = "urn:ietf:params:xml:ns:metalink";

    [Fact]
    [Trait("Row", "D2")]
    public async Task A_link_leads_to_the_bytes_under_their_name()
    {
        await using var bench = await ForeignBench.StartAsync(Length, terminals: 0, name: "../Über \"alles\".mkv");
        using var lead = await bench.AskAsync(bench.Link());
        Assert.Equal(HttpStatusCode.Found, lead.StatusCode);
        Assert.Equal("Accept", lead.Headers.Vary.Single());
        var place = new Uri(bench.Server.Address, lead.Headers.Location!);
        Assert.Equal("", place.Query);
        Assert.StartsWith("/p/", place.AbsolutePath, StringComparison.Ordinal);
        using var whole = await bench.AskAsync(place);
        Assert.Equal("Über _alles_.mkv", whole.Content.Headers.ContentDisposition!.FileNameStar);
        Assert.Equal("video/x-matroska", whole.Content.Headers.ContentType!.MediaType);
        Assert.Equal(bench.Bytes, await whole.Content.ReadAsByteArrayAsync());
        var (code, said) = await bench.RunAsync("curl", "-sSfLOJ", "--output-dir", bench.Folder, bench.Link().AbsoluteUri);
        Assert.True(code == 0, said);
        Assert.Equal(bench.Bytes, await File.ReadAllBytesAsync(Directory.GetFiles(bench.Folder).Single()));
    }

    [Fact]
    [Trait("Row", "D2")]
    public async Task Ranges_are_exact_on_one_connection_and_what_is_beyond_the_end_is_refused()
    {
        await using var bench = await ForeignBench.StartAsync(Length, terminals: 0);
        using var lead = await bench.AskAsync(bench.Link());
        using var http = new HttpClient();
        foreach (var from in Enumerable.Range(0, 20).Select(static i => i * 150_001))
        {
            using var part = await AskAsync(from, from + 16383);
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal(new ContentRangeHeaderValue(from, from + 16383, Length), part.Content.Headers.ContentRange);
            Assert.NotEqual(true, part.Headers.ConnectionClose);
            Assert.Equal(bench.Bytes[from..(from + 16384)], await part.Content.ReadAsByteArrayAsync());
        }

        using var beyond = await AskAsync(Length, null);
        Assert.Equal((HttpStatusCode.RequestedRangeNotSatisfiable, new ContentRangeHeaderValue(Length)), (beyond.StatusCode, beyond.Content.Headers.ContentRange));

        Task<HttpResponseMessage> AskAsync(long from, long? to) => http.SendAsync(new(HttpMethod.Get, new Uri(bench.Server.Address, lead.Headers.Location!)) { Headers = { Range = new(from, to) } });
    }

    [Fact]
    [Trait("Row", "D5")]
    public async Task Who_may_not_see_a_share_is_answered_as_if_there_were_none()
    {
        await using var bench = await ForeignBench.StartAsync(100_000, terminals: 0, audience: "friends");
        foreach (var below in (string[])["", "/metalink", "/torrent"])
        {
            using var nobody = await bench.AskAsync(bench.Link(below));
            using var nothing = await bench.AskAsync(new(bench.Server.Address, $"s/{ShareId.New()}{below}"));
            Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (nobody.StatusCode, nothing.StatusCode));
            using var stranger = await bench.AskAsync(bench.Link(below), request => request.Headers.Authorization = new("Bearer", SharingHost.TokenOf(PersonId.Parse("zoe"))));
            Assert.Equal(HttpStatusCode.NotFound, stranger.StatusCode);
            using var anna = await bench.AskAsync(bench.Link(below), request => request.Headers.Authorization = new("Bearer", SharingHost.TokenOf(SwarmBench.Anna)));
            Assert.Equal(below.Length == 0 ? HttpStatusCode.Found : HttpStatusCode.OK, anna.StatusCode);
        }
    }

    [Fact]
    [Trait("Row", "D4")]
    public async Task A_metalink_holds_hashes_and_the_mirrors_in_their_order()
    {
        await using var bench = await ForeignBench.StartAsync(Length, terminals: 2);
        using var before = await bench.AskAsync(bench.Link());
        Assert.False(before.Headers.Contains("Digest")); // nobody knows it yet
        using var answer = await bench.AskAsync(bench.Link(), static request => request.Headers.Accept.ParseAdd("*/*, application/metalink4+xml, application/metalink+xml"));
        Assert.Equal((HttpStatusCode.OK, MetalinkFile.MediaType, "Accept"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType, answer.Headers.Vary.Single()));
        Assert.Equal("film.mkv.meta4", answer.Content.Headers.ContentDisposition!.FileName);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var file = XDocument.Parse(await answer.Content.ReadAsStringAsync()).Root!.Element(Ns + "file")!;
        Assert.Equal(("film.mkv", $"{Length}"), (file.Attribute("name")!.Value, file.Element(Ns + "size")!.Value));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bench.Bytes)), file.Element(Ns + "hash")!.Value);
        Assert.Equal(4, file.Element(Ns + "pieces")!.Elements(Ns + "hash").Count());
        var urls = file.Elements(Ns + "url").Select(static url => (new Uri(url.Value), url.Attribute("priority")!.Value)).ToArray();
        Assert.Equal(["1", "2", "3"], urls.Select(static url => url.Value));
        Assert.Equal(bench.Server.Address.Authority, urls[0].Item1.Authority);
        Assert.Equal(["127.0.0.2", "127.0.0.3"], urls[1..].Select(static url => url.Item1.Host).Order());
        using var lead = await bench.AskAsync(bench.Link()); // now the hash is known
        Assert.Equal($"SHA-256={Convert.ToBase64String(SHA256.HashData(bench.Bytes))}", lead.Headers.GetValues("Digest").Single());
        Assert.Equal(3, lead.Headers.GetValues("Link").Count(static link => link.Contains("; rel=duplicate; pri=", StringComparison.Ordinal)));
    }

    [Fact]
    [Trait("Row", "D4")]
    public async Task A_torrent_names_terminals_only_where_they_are_asked_for()
    {
        await using var bench = await ForeignBench.StartAsync(Length, terminals: 1);
        var (alone, all) = (await TextAsync("/torrent"), await TextAsync("/torrent?terminals=true&version=hybrid"));
        Assert.DoesNotContain("127.0.0.2", alone, StringComparison.Ordinal);
        Assert.Contains("127.0.0.2", all, StringComparison.Ordinal);
        using var wrong = await bench.AskAsync(bench.Link("/torrent?version=3"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);

        async Task<string> TextAsync(string below)
        {
            using var answer = await bench.AskAsync(bench.Link(below));
            return System.Text.Encoding.Latin1.GetString(await answer.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    [Trait("Row", "D7")]
    public async Task Nobody_is_led_to_an_address_that_the_index_did_not_see()
    {
        await using var bench = await ForeignBench.StartAsync(Length, terminals: 0, static options => options.LeadsToTerminals = true);
        var device = new string('d', 64);
        var manifest = (await new HttpShares(bench.Server.Connect()).OpenAsync(SwarmBench.Anna, bench.Share, device))!;
        await new HttpChunkIndex(bench.Server.Connect()).AnnounceAsync(
            manifest.Content, new() { Device = device, Addresses = ["127.0.0.9:80"], IsPlain = true, IsWhole = true }, manifest.Ticket);
        using var lead = await bench.AskAsync(bench.Link());
        Assert.DoesNotContain("127.0.0.9", string.Concat(lead.Headers.GetValues("Link")), StringComparison.Ordinal);
        for (var i = 0; i < 4; i++)
        {
            using var bytes = await bench.AskAsync(new(bench.Server.Address, lead.Headers.Location!), request => request.Headers.Range = new(i * 1000, (i * 1000) + 999));
            Assert.Equal(HttpStatusCode.PartialContent, bytes.StatusCode);
        }
    }

    [Fact]
    [Trait("Row", "D7")]
    public async Task Who_comes_back_with_the_same_question_is_served_here()
    {
        await using var bench = await ForeignBench.StartAsync(Length, terminals: 1, static options => options.LeadsToTerminals = true);
        using var lead = await bench.AskAsync(bench.Link());
        var place = new Uri(bench.Server.Address, lead.Headers.Location!);
        List<int> answers = [];
        for (var i = 0; i < 8; i++)
        {
            using var bytes = await bench.AskAsync(place, static request => request.Headers.Range = new(0, 999));
            answers.Add((int)bytes.StatusCode);
        }

        Assert.Single(answers, 302);
        Assert.Equal(7, answers.Count(static status => status == 206));
    }

    [Fact]
    [Trait("Row", "D4")]
    public async Task A_terminals_own_ticket_is_not_led_elsewhere()
    {
        await using var bench = await ForeignBench.StartAsync(Length, terminals: 1, static options => options.LeadsToTerminals = true);
        var manifest = (await new HttpShares(bench.Server.Connect()).OpenAsync(SwarmBench.Anna, bench.Share, new string('c', 64)))!;
        for (var i = 0; i < 4; i++)
        {
            using var bytes = await bench.AskAsync(new(bench.Server.Address, $"p/{manifest.Ticket}/content"), request => request.Headers.Range = new(i * 1000, (i * 1000) + 999));
            Assert.Equal(HttpStatusCode.PartialContent, bytes.StatusCode);
        }
    }
}
