using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Social;
using Sharing.Testing;

namespace Sharing.Tests.Social;

[Trait("Row", "R3")]
public sealed class MastodonApiTests : IAsyncDisposable
{
    readonly FakeTimeProvider _time = new();
    readonly List<IAsyncDisposable> _ends = [];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static Post PostOf(string key, AudienceKind audience = AudienceKind.Everyone) => new()
    {
        Key = key, Author = PersonId.Parse("anna"), Text = "film " + key, Link = new($"https://share.example.org/d/{key}"), Audience = new(audience), At = DateTimeOffset.UnixEpoch.AddYears(30),
        Resource = new() { Address = new("https://origin.example.org/film.mkv"), Name = "film.mkv" },
    };

    static Account AnnaAt(Uri server) => new() { Owner = PersonId.Parse("anna"), Network = "mastodon", Server = server, Token = "token-anna" };

    T Ends<T>(T one)
        where T : IAsyncDisposable
    {
        _ends.Add(one);
        return one;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in _ends)
        {
            await one.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_post_is_found_by_its_link_also_pages_back_and_where_keys_are_forgotten_or_unknown()
    {
        var server = Ends(await MastodonServer.StartAsync(_time, knowsKeys: false));
        var publisher = Ends(new SocialBench(static sharing => sharing.AddMastodon(), _time)).Publisher;
        for (var i = 0; i < 90; i++)
        {
            Assert.Equal(PublishState.Sent, (await publisher.PublishAsync(PostOf($"k{i}"), AnnaAt(server.Address), Cancel)).State);
        }

        var found = await ((IPostLookup)publisher).FindAsync(PostOf("k3"), AnnaAt(server.Address), Cancel);
        Assert.Equal((PublishState.Sent, "100000004"), (found!.State, found.RemoteId));
        Assert.Null(await ((IPostLookup)publisher).FindAsync(PostOf("k"), AnnaAt(server.Address), Cancel));
        Assert.Null(await ((IPostLookup)publisher).FindAsync(PostOf("k90"), AnnaAt(server.Address), Cancel));
    }

    [Fact]
    public async Task Followers_posts_are_private_ones()
    {
        var server = Ends(await MastodonServer.StartAsync(_time));
        var publisher = Ends(new SocialBench(static sharing => sharing.AddMastodon(), _time)).Publisher;
        await publisher.PublishAsync(PostOf("a"), AnnaAt(server.Address), Cancel);
        await publisher.PublishAsync(PostOf("b", AudienceKind.Followers), AnnaAt(server.Address), Cancel);
        Assert.Equal(["public", "private"], server.All.Select(static one => one.Visibility));
    }

    [Fact]
    public async Task A_picture_goes_along_once_the_server_has_made_it_ready()
    {
        var server = Ends(await MastodonServer.StartAsync(TimeProvider.System));
        var publisher = Ends(new SocialBench(static sharing =>
        {
            sharing.AddMastodon();
            sharing.Services.AddSingleton<IPostPictures>(new OnePicture());
        })).Publisher;
        Assert.Equal(PublishState.Sent, (await publisher.PublishAsync(PostOf("a"), AnnaAt(server.Address), Cancel)).State);
        Assert.Equal(1, Assert.Single(server.All).Media);
        Assert.Contains(server.Requests, static request => request.StartsWith("GET /api/v1/media/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_limit_is_not_run_into_and_what_waits_comes_back_window_by_window()
    {
        var server = Ends(await MastodonServer.StartAsync(_time, limit: 5));
        var publisher = Ends(new SocialBench(static sharing => sharing.AddMastodon(), _time)).Publisher;
        var sent = 0;
        for (var i = 0; i < 12; i++)
        {
            var outcome = await publisher.PublishAsync(PostOf($"k{i}"), AnnaAt(server.Address), Cancel);
            sent += outcome.State == PublishState.Sent ? 1 : 0;
            Assert.True(outcome.State == PublishState.Sent || outcome is { IsHeld: true } && outcome.RetryAt > _time.GetUtcNow() + TimeSpan.FromMinutes(4), outcome.Reason);
        }

        Assert.Equal((5, 5), (sent, server.Requests.Count));
        _time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        Assert.Equal(PublishState.Sent, (await publisher.PublishAsync(PostOf("k11"), AnnaAt(server.Address), Cancel)).State);

        // Another account has a limit of its own.
        Assert.Equal(PublishState.Sent, (await publisher.PublishAsync(PostOf("b"), AnnaAt(server.Address) with { Token = "token-ben" }, Cancel)).State);
    }

    [Fact]
    public async Task An_account_is_tried_when_it_is_connected()
    {
        var server = Ends(await MastodonServer.StartAsync(_time));
        var door = (IAccountSignIn)Ends(new SocialBench(static sharing => sharing.AddMastodon(), _time)).Publisher;
        var account = await door.SignInAsync(AnnaAt(new(server.Address, "about/more")), Cancel);
        Assert.Equal((server.Address, "anna@127.0.0.1"), (account.Server, account.Name));
        foreach (var (bad, code) in new[]
        {
            (AnnaAt(server.Address) with { Token = "rubbish" }, ProblemCodes.InvalidInput), (AnnaAt(server.Address) with { Server = null }, ProblemCodes.InvalidInput),
            (AnnaAt(new("http://127.0.0.1:1/")), ProblemCodes.Busy), (AnnaAt(new("http://10.0.0.1/")), ProblemCodes.Busy),
        })
        {
            Assert.Equal(code, (await Assert.ThrowsAsync<SharingException>(() => door.SignInAsync(bad, Cancel))).Code);
        }
    }

    [Fact]
    public async Task A_host_can_have_people_sign_in_at_their_server_instead_of_pasting_a_token()
    {
        var server = Ends(await MastodonServer.StartAsync(_time));
        var signIn = Ends(new SocialBench(static sharing => sharing.AddMastodon(), _time)).Services.GetRequiredService<MastodonSignIn>();
        var app = await signIn.RegisterAsync(new(server.Address, "home"), "A club", new("https://share.example.org/back"), Cancel);
        var start = MastodonSignIn.Begin(app);
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        var back = (await browser.GetAsync(start.Address, Cancel)).Headers.Location!;
        var query = System.Web.HttpUtility.ParseQueryString(back.Query);
        Assert.Equal("https://share.example.org/back", back.GetLeftPart(UriPartial.Path));
        Assert.Equal(ProblemCodes.NotAllowed, (await Assert.ThrowsAsync<SharingException>(() => signIn.ExchangeAsync(app, start, "forged", query["code"]!, Cancel))).Code);
        Assert.Equal("token-anna", await signIn.ExchangeAsync(app, start, query["state"]!, query["code"]!, Cancel));

        // Whoever stole a code has not the verifier.
        var stolen = System.Web.HttpUtility.ParseQueryString((await browser.GetAsync(MastodonSignIn.Begin(app).Address, Cancel)).Headers.Location!.Query)["code"]!;
        Assert.Equal(ProblemCodes.NotAllowed, (await Assert.ThrowsAsync<SharingException>(() => signIn.ExchangeAsync(app, start, start.State, stolen, Cancel))).Code);
        var nobody = Ends(await LoopbackServer.StartAsync(static context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        }));
        Assert.Equal(ProblemCodes.InvalidInput, (await Assert.ThrowsAsync<SharingException>(() => signIn.RegisterAsync(new(nobody.Address), "A club", new("https://x.example/"), Cancel))).Code);
    }

    [Fact]
    public async Task An_independent_client_finds_the_server_of_these_tests_like_a_real_one()
    {
        var server = Ends(await MastodonServer.StartAsync(TimeProvider.System));
        const string Script = """
            import sys
            from mastodon import Mastodon
            api = Mastodon(access_token="token-ben", api_base_url=sys.argv[1].rstrip("/"), version_check_mode="none")
            first = api.status_post("hello https://share.example.org/d/x", idempotency_key="k")
            again = api.status_post("hello https://share.example.org/d/x", idempotency_key="k")
            media = api.media_post(b"not a picture", mime_type="image/png", synchronous=True)
            seen = api.status_post("with a picture", media_ids=media)
            reply = api.status_post("a reply", in_reply_to_id=first["id"])
            api.status_reblog(first["id"])
            assert first["id"] == again["id"]
            assert [one["id"] for one in api.status_context(first["id"])["descendants"]] == [reply["id"]]
            assert [one["acct"] for one in api.status_reblogged_by(first["id"])] == ["ben"]
            assert api.ratelimit_remaining < 300
            api.status_delete(seen["id"])
            assert len(api.account_statuses(api.account_verify_credentials()["id"])) == 2
            print("fine")
            """;
        using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", Script, server.Address.ToString()]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = python.StandardOutput.ReadToEndAsync(Cancel);
        Assert.Equal("fine", (await said).Trim() + (await python.StandardError.ReadToEndAsync(Cancel)).Trim().Split('\n')[^1]);
    }

    sealed class OnePicture : IPostPictures
    {
        public ValueTask<PostPicture?> FindAsync(Post post, CancellationToken cancellationToken) =>
            ValueTask.FromResult<PostPicture?>(new(Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="), "image/png", "a dot"));
    }
}
