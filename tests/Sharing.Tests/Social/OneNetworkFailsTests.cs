using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sharing.AspNetCore;
using Sharing.Offline;
using Sharing.Testing;
using Sharing.Tests.Hosting;

namespace Sharing.Tests.Social;

/// <summary>A download server that publishes at a Mastodon server, a webhook and a feed; one of them has its troubles, on a clock that stands still until it is told to go on.</summary>
[Trait("Row", "R3")]
public sealed class OneNetworkFailsTests : IAsyncLifetime
{
    static readonly PersonId Anna = PersonId.Parse("anna");

    readonly FakeTimeProvider _time = new();
    SharingHost _host = null!;
    MastodonServer _mastodon = null!;
    FaultServer _faults = null!;
    WebhookReceiver _receiver = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _mastodon = await MastodonServer.StartAsync(_time);
        _faults = new(_mastodon.Address);
        _receiver = await WebhookReceiver.StartAsync(_time);
        _host = await SharingHost.StartAsync(
            static sharing => sharing.AddDownloadServer().AddMastodon().AddWebhooks().AddFeeds(), services => services.AddSingleton<TimeProvider>(_time), SharingRoles.Download);
        await ConnectAsync("mastodon", "token-anna", _faults.Address);
        await ConnectAsync("webhook", WebhookReceiver.Secret, _receiver.Address);
        await ConnectAsync("feed", null, null);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _faults.DisposeAsync();
        await _mastodon.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    Task ConnectAsync(string network, string? token, Uri? server) => _host.Get<IAccounts>().ConnectAsync(Anna, network, new AccountToken(token, server), Cancel);

    Task<SharedPost> ShareAsync() => _host.Get<IPosts>().ShareAsync(
        Anna, new() { Resource = new() { Address = new("https://origin.example.org/film.mkv"), Name = "film.mkv" }, Audience = Audience.Everyone, Text = "a film" }, Cancel);

    /// <summary>Waits for a line, without letting the networks' clock go on.</summary>
    async Task<LedgerLine> LineAsync(PostId post, string network, Func<LedgerLine, bool> until, bool goesOn = false)
    {
        for (var tries = 0; ; tries++)
        {
            var line = (await _host.Get<IPosts>().FindAsync(Anna, post, Cancel))!.Ledger!.Single(one => one.Network == network);
            if (until(line))
            {
                return line;
            }

            Assert.True(tries < 400, $"{network}: {line.State} {line.Reason} {line.Until}");
            await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System, Cancel);
            if (goesOn)
            {
                _time.Advance(TimeSpan.FromSeconds(2));
            }
        }
    }

    async Task AssertOthersAsync(PostId post, string failing)
    {
        foreach (var network in new[] { "mastodon", "webhook", "feed" }.Where(network => network != failing))
        {
            await LineAsync(post, network, static line => line.State == PublishState.Sent);
        }
    }

    [Fact]
    public async Task One_that_never_answers_holds_up_none_and_gets_it_once_when_it_does()
    {
        _faults.Next(NetworkFault.HalfOpen);
        var post = await ShareAsync();
        await AssertOthersAsync(post.Id, "mastodon");
        Assert.Equal(PublishState.Queued, (await LineAsync(post.Id, "mastodon", _ => _faults.Requests == 1)).State); // it hangs still: the others have not waited for it
        _time.Advance(TimeSpan.FromSeconds(31));
        var line = await LineAsync(post.Id, "mastodon", static line => line.State == PublishState.Waiting);
        Assert.Contains("did not answer in time", line.Reason, StringComparison.Ordinal);
        await LineAsync(post.Id, "mastodon", static line => line.State == PublishState.Sent, goesOn: true);
        Assert.Single(_mastodon.All);
    }

    [Fact]
    public async Task One_that_is_down_says_so_and_gets_it_when_it_is_up_again()
    {
        var port = _faults.Address.Port;
        await _faults.DisposeAsync();
        var post = await ShareAsync();
        await AssertOthersAsync(post.Id, "mastodon");
        var line = await LineAsync(post.Id, "mastodon", static line => line.State == PublishState.Waiting);
        Assert.Equal(("127.0.0.1 could not be reached.", true), (line.Reason, line.Until > _time.GetUtcNow()));
        _faults = new(_mastodon.Address, port);
        await LineAsync(post.Id, "mastodon", static line => line.State == PublishState.Sent, goesOn: true);
        Assert.Single(_mastodon.All);
    }

    [Fact]
    public async Task One_that_takes_the_token_no_more_asks_for_a_login_and_gets_it_after_that()
    {
        _mastodon.Revoke("token-anna");
        var post = await ShareAsync();
        await AssertOthersAsync(post.Id, "mastodon");
        var line = await LineAsync(post.Id, "mastodon", static line => line.State == PublishState.NeedsLogin);
        Assert.Equal("127.0.0.1 answered 401: The access token is invalid", line.Reason);
        Assert.Equal(2, _mastodon.Requests.Count); // the connecting, and once
        _mastodon.Add("anna2");
        await ConnectAsync("mastodon", "token-anna2", _faults.Address);
        await LineAsync(post.Id, "mastodon", static line => line.State == PublishState.Sent);
    }

    [Fact]
    public async Task A_wrong_token_is_said_when_it_is_connected_and_what_was_connected_stays()
    {
        Assert.Equal(ProblemCodes.InvalidInput, (await Assert.ThrowsAsync<SharingException>(() => ConnectAsync("mastodon", "rubbish", _faults.Address))).Code);
        Assert.Equal(ProblemCodes.Busy, (await Assert.ThrowsAsync<SharingException>(() => ConnectAsync("mastodon", "token-anna", new("http://127.0.0.1:1/")))).Code);
        var post = await ShareAsync();
        await LineAsync(post.Id, "mastodon", static line => line.State == PublishState.Sent);
    }

    [Fact]
    public async Task A_webhook_that_is_gone_says_what_to_do_and_gets_it_after_that()
    {
        await using var gone = await LoopbackServer.StartAsync(static context =>
        {
            context.Response.StatusCode = 410;
            return Task.CompletedTask;
        });
        await ConnectAsync("webhook", WebhookReceiver.Secret, new(gone.Address));
        var post = await ShareAsync();
        await AssertOthersAsync(post.Id, "webhook");
        Assert.Contains("Connect another address", (await LineAsync(post.Id, "webhook", static line => line.State == PublishState.NeedsLogin)).Reason, StringComparison.Ordinal);
        await ConnectAsync("webhook", WebhookReceiver.Secret, _receiver.Address);
        await LineAsync(post.Id, "webhook", static line => line.State == PublishState.Sent);
        Assert.Single(_receiver.Events);
    }

    [Fact]
    public async Task One_whose_certificate_cannot_be_trusted_says_so()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=elsewhere.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        await using var app = builder.Build();
        await app.StartAsync(Cancel);
        await ConnectAsync("webhook", WebhookReceiver.Secret, new(app.Urls.First()));
        var post = await ShareAsync();
        await AssertOthersAsync(post.Id, "webhook");
        Assert.Equal("127.0.0.1 has no certificate that can be trusted.", (await LineAsync(post.Id, "webhook", static line => line.State == PublishState.Waiting)).Reason);
    }

    [Fact]
    public async Task A_webhook_whose_answer_was_lost_is_unknown_and_hears_nothing_more_until_its_owner_says_so()
    {
        await using var faults = new FaultServer(_receiver.Address);
        await ConnectAsync("webhook", WebhookReceiver.Secret, new(faults.Address, "hook"));
        faults.Next(NetworkFault.LostReply);
        var post = await ShareAsync();
        await AssertOthersAsync(post.Id, "webhook");
        await LineAsync(post.Id, "webhook", static line => line.State == PublishState.Unknown, goesOn: true);
        for (var i = 0; i < 50; i++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancel);
        }

        Assert.Equal(1, faults.Requests);
        Assert.True(await _host.Get<Outbox>().RetryAsync(Anna, post.Id, "webhook", Cancel));
        await LineAsync(post.Id, "webhook", static line => line.State == PublishState.Sent, goesOn: true);
        Assert.Equal(2, faults.Requests);
        Assert.Single(_receiver.Shown);
    }

    [Fact]
    public async Task What_people_made_of_a_post_is_told_network_by_network_also_where_one_does_not_answer()
    {
        var post = await ShareAsync();
        var line = await LineAsync(post.Id, "mastodon", static line => line.State == PublishState.Sent);
        var publisher = (IPostResponses)_host.Services.GetServices<ISocialPublisher>().Single(static one => one.Traits.Network == "mastodon");
        await publisher.RespondAsync(line.RemoteId!, "nice", "c", new() { Owner = PersonId.Parse("ben"), Network = "mastodon", Server = _mastodon.Address, Token = "token-ben" }, Cancel);
        var responses = new HttpResponses(_host.Connect());
        var read = Assert.Single((await responses.ListAsync(Anna, post.Id, Cancel))!);
        Assert.Equal(("mastodon", "nice", null), (read.Network, Assert.Single(read.Responses).Text, read.Fault));
        Assert.Null(await responses.ListAsync(PersonId.Parse("ben"), post.Id, Cancel));
        await _faults.DisposeAsync();
        var failed = Assert.Single((await responses.ListAsync(Anna, post.Id, Cancel))!);
        Assert.Equal((0, "mastodon could not be asked now."), (failed.Responses.Count, failed.Fault));
    }
}
