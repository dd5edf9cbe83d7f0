using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sharing.Testing;

namespace Sharing.Tests.Social;

/// <summary>Feeds, read by feedparser, which most readers written in Python use.</summary>
[Trait("Row", "R3")]
public sealed class AtomPublisherTests : UpdatingPublisherSuite
{
    WebApplication _app = null!;
    Uri _feed = null!;

    protected override async Task<PublisherUnderTest> CreateAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSharing(static sharing => sharing.AddFeeds(static options => options.PublicAddress = new("https://share.example.org/s/")));
        _app = builder.Build();
        _app.MapSharingFeeds("/s");
        await _app.StartAsync(Cancel);
        var publisher = _app.Services.GetServices<ISocialPublisher>().Single();
        var account = await ((IAccountSignIn)publisher).SignInAsync(new() { Owner = PersonId.Parse("anna"), Network = "feed" }, Cancel);
        Assert.Matches("^https://share.example.org/s/feeds/[0-9a-f]{32}.atom$", account.Name);
        Assert.Equal(account.Name, (await ((IAccountSignIn)publisher).SignInAsync(account, Cancel)).Name);
        _feed = new(_app.Urls.First() + new Uri(account.Name!).AbsolutePath);
        return new()
        {
            Publisher = publisher,
            Account = account,
            BadAccount = account with { Owner = PersonId.Parse("nobody") },
            ShownAsync = async _ => [.. (await ReadAsync("[e.content[0].value, e.link]")).Select(static entry => entry.Split('\u001f')).Select(static parts => new ShownPost(parts[0], new Uri(parts[1])))],
        };
    }

    [Fact]
    public async Task An_entry_has_its_resource_as_enclosure()
    {
        var post = PostOf("one", "a <b>film</b> & \u0001more") with { Resource = PostOf("one").Resource with { Name = "a & b.mkv", MediaType = "video/x-matroska" } };
        await Subject.Publisher.PublishAsync(post, Subject.Account, Cancel);
        Assert.Equal(
            ["a & b.mkv", "a <b>film</b> & more", "https://share.example.org/d/one", "4711", "video/x-matroska", "2030-01-01T00:00:00Z"],
            Assert.Single(await ReadAsync("[e.title, e.content[0].value, e.enclosures[0].href, e.enclosures[0].length, e.enclosures[0].type, e.published]")).Split('\u001f'));
    }

    [Fact]
    public async Task A_feed_that_has_not_changed_is_not_sent_again_and_what_is_no_feed_is_not_there()
    {
        await Subject.Publisher.PublishAsync(PostOf("one"), Subject.Account, Cancel);
        using var http = new HttpClient();
        using var first = await http.GetAsync(_feed, Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Get, _feed) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var again = await http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        foreach (var id in new[] { new string('0', 32), "..", "x", new string('0', 31) + "/" })
        {
            using var none = await http.GetAsync(new Uri(_feed, $"{id}.atom"), Cancel);
            Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        }
    }

    /// <summary>A line for each entry, of what a Python expression says of it.</summary>
    async Task<string[]> ReadAsync(string expression)
    {
        var script = $"""
            import sys, feedparser
            feed = feedparser.parse(sys.stdin.buffer.read(), sanitize_html=False)
            assert not feed.bozo, feed.bozo_exception
            sys.stdout.write("\x1e".join("\x1f".join({expression}) for e in feed.entries))
            """;
        using var http = new HttpClient();
        var bytes = await http.GetByteArrayAsync(_feed, Cancel);
        using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-X", "utf8", "-c", script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await python.StandardInput.BaseStream.WriteAsync(bytes, Cancel);
        python.StandardInput.Close();
        var said = python.StandardOutput.ReadToEndAsync(Cancel);
        Assert.Equal("", await python.StandardError.ReadToEndAsync(Cancel));
        return (await said) is { Length: > 0 } text ? text.Split('\u001e') : [];
    }

    protected override ValueTask CleanUpAsync() => _app.DisposeAsync();
}
