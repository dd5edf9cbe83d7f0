using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Sharing.Social;
using Sharing.Testing;

namespace Sharing.Tests.Social;

[Trait("Row", "R3")]
public sealed class WebhookPublisherTests : FaultyNetworkSuite
{
    readonly SocialBench _bench = new(static sharing => sharing.AddWebhooks(static options => options.Source = new("https://share.example.org/")));
    WebhookReceiver _receiver = null!;
    FaultServer _faults = null!;

    protected override async Task<PublisherUnderTest> CreateAsync()
    {
        _receiver = await WebhookReceiver.StartAsync(TimeProvider.System);
        _faults = new(_receiver.Address);
        var account = new Account { Owner = PersonId.Parse("anna"), Network = "webhook", Server = new Uri(_faults.Address, "hook"), Token = WebhookReceiver.Secret };
        return new()
        {
            Publisher = _bench.Publisher,
            Account = account,
            BadAccount = account with { Token = "whsec_another-secret" },
            Faults = _faults,
            ShownAsync = _ => Task.FromResult(_receiver.Shown),
        };
    }

    /// <summary>Nobody keeps count for a webhook: it says when, and each event hears it.</summary>
    protected override bool KeepsBudget => false;

    [Fact]
    public async Task An_event_is_a_cloud_event_and_says_no_more_of_what_was_withdrawn()
    {
        var post = PostOf("one") with { Resource = PostOf("one").Resource with { MediaType = "video/x-matroska" } };
        await Subject.Publisher.PublishAsync(post, Subject.Account, Cancel);
        await Subject.Publisher.PublishAsync(post with { Revision = 2 }, Subject.Account, Cancel);
        await Subject.Publisher.PublishAsync(post with { Revision = 3, Withdrawn = true }, Subject.Account, Cancel);
        var events = _receiver.Events.Select(static one => JsonDocument.Parse(one.Body).RootElement).ToArray();
        Assert.Equal(["org.sharing-sdk.post.shared", "org.sharing-sdk.post.updated", "org.sharing-sdk.post.withdrawn"], events.Select(static one => one.GetProperty("type").GetString()));
        Assert.Equal(["one.1", "one.2", "one.3"], events.Select(static one => one.GetProperty("id").GetString()));
        var first = events[0];
        Assert.Equal(("1.0", "https://share.example.org/", "one", "application/json"), (
            first.GetProperty("specversion").GetString(), first.GetProperty("source").GetString(), first.GetProperty("subject").GetString(), first.GetProperty("datacontenttype").GetString()));
        Assert.Equal(("film.mkv", 4711, "video/x-matroska"), (
            first.GetProperty("data").GetProperty("resource").GetProperty("name").GetString(), first.GetProperty("data").GetProperty("resource").GetProperty("length").GetInt32(),
            first.GetProperty("data").GetProperty("resource").GetProperty("mediaType").GetString()));
        Assert.StartsWith("application/cloudevents+json", _receiver.Events.First().Headers.ContentType, StringComparison.Ordinal);
        Assert.DoesNotContain("film", events[2].GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Signatures_are_those_of_the_standard_and_of_openssl()
    {
        // The example of the standard's own libraries.
        var at = DateTimeOffset.FromUnixTimeSeconds(1614265330);
        var body = "{\"test\": 2432232314}"u8;
        const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        Assert.Equal(Signature, WebhookSignature.Sign(WebhookReceiver.Secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, body));
        using var openssl = Process.Start(new ProcessStartInfo("openssl", ["dgst", "-sha256", "-mac", "HMAC", "-macopt", $"hexkey:{Convert.ToHexString(Encoding.UTF8.GetBytes("a secret of sixteen"))}", "-binary"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        openssl.StandardInput.Write(string.Create(CultureInfo.InvariantCulture, $"one.1.{at.ToUnixTimeSeconds()}.{{}}"));
        openssl.StandardInput.Close();
        using var mac = new MemoryStream();
        openssl.StandardOutput.BaseStream.CopyTo(mac);
        Assert.Equal("v1," + Convert.ToBase64String(mac.ToArray()), WebhookSignature.Sign("a secret of sixteen", "one.1", at, "{}"u8));
        Assert.True(WebhookSignature.Verify(WebhookReceiver.Secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "v1,AAAA " + Signature, body, at.AddMinutes(4)));
    }

    [Theory]
    [InlineData("id")]
    [InlineData("time")]
    [InlineData("body")]
    [InlineData("secret")]
    [InlineData("none")]
    [InlineData("late")]
    [InlineData("early")]
    [InlineData("garbage")]
    public void What_was_altered_or_kept_for_later_is_not_taken(string what)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        var signature = WebhookSignature.Sign("secret", "one.1", at, "{}"u8);
        Assert.True(WebhookSignature.Verify("secret", "one.1", "1800000000", signature, "{}"u8, at));
        Assert.False(WebhookSignature.Verify(
            what == "secret" ? "another" : "secret", what == "id" ? "one.2" : "one.1", what == "time" ? "1800000001" : what == "garbage" ? "99999999999999999999" : "1800000000",
            what == "none" ? null : signature, what == "body" ? "[]"u8 : "{}"u8, what == "late" ? at.AddMinutes(6) : what == "early" ? at.AddMinutes(-6) : at));
    }

    protected override async ValueTask CleanUpAsync()
    {
        await _faults.DisposeAsync();
        await _receiver.DisposeAsync();
        await _bench.DisposeAsync();
    }
}
