using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sharing.Social;

namespace Sharing.Tests.Social;

/// <summary>What comes to an inbox from whoever wants to, and what is taken of it.</summary>
[Trait("Row", "R3")]
public sealed class InboxTests : IAsyncLifetime
{
    readonly ShiftedTime _time = new();
    FediverseHost _host = null!;
    RemoteServer _remote = null!;
    string _note = "";

    static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        _host = await FediverseHost.StartAsync(_time, works: false);
        _remote = await RemoteServer.StartAsync();
        _note = (await _host.PublishAsync(FediverseHost.PostOf("one"))).RemoteId!;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _remote.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_signed_by_its_sender_is_taken_once(bool byRfc)
    {
        Assert.Equal(HttpStatusCode.Accepted, await _remote.SendAsync(_host, _remote.Like(_note), byRfc: byRfc));
        Assert.Equal("mallory@" + new Uri(_remote.Address).Authority, Assert.Single(await _host.ReadAsync(_note)).Author);
        Assert.Equal(1, _remote.Asked);

        // The same again, also altered in a way that its sender signed: its id has been taken.
        var again = _remote.Like(_note);
        again["type"] = "Announce";
        Assert.Equal(HttpStatusCode.Accepted, await _remote.SendAsync(_host, again, byRfc: byRfc));
        Assert.Equal(PostResponseKind.Like, Assert.Single(await _host.ReadAsync(_note)).Kind);
    }

    public static TheoryData<string> Attacks =>
    [
        "unsigned", "unsigned, by the RFC", "another body", "another body, by the RFC", "another digest", "a bit", "a bit, by the RFC", "three hours old", "three hours old, by the RFC", "of tomorrow", "without digest", "without host",
        "without target", "another host", "another path", "another path, by the RFC", "another's key", "another's key id", "a key elsewhere", "an activity elsewhere", "another key in the document", "a document of another", "an inbox elsewhere",
        "no key", "twice one header", "no base64", "a kind of ours", "garbage", "a list", "nothing", "twice one member", "too deep",
    ];

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task What_is_not_is_refused(string attack)
    {
        var like = _remote.Like(_note);
        var text = like.ToJsonString();
        static void Replace(HttpRequestMessage request, string name, Func<string, string?> change)
        {
            var value = request.Headers.GetValues(name).Single();
            request.Headers.Remove(name);
            if (change(value) is { } other)
            {
                request.Headers.TryAddWithoutValidation(name, other);
            }
        }

        static string Flip(string value)
        {
            var at = Math.Max(0, value.IndexOf("signature=\"", StringComparison.Ordinal)) + 20; // within the base64
            return string.Concat(value.AsSpan(0, at), value[at] == 'A' ? "B" : "A", value.AsSpan(at + 1));
        }

        Task<HttpStatusCode> Send(Action<HttpRequestMessage>? change = null, bool byRfc = false, DateTimeOffset? at = null, string? body = null, string? keyId = null, string name = "mallory", JsonObject? activity = null) =>
            _remote.SendAsync(_host, activity ?? like, name, change, byRfc, at, body, keyId);
        var status = attack switch
        {
            "unsigned" => await Send(static request => request.Headers.Remove("Signature")),
            "unsigned, by the RFC" => await Send(static request => request.Headers.Remove("Signature"), byRfc: true),
            "another body" => await Send(body: text.Replace("Like", "Announce", StringComparison.Ordinal)),
            "another body, by the RFC" => await Send(byRfc: true, body: text.Replace("Like", "Announce", StringComparison.Ordinal)),
            "another digest" => await Send(request => Replace(request, "Digest", _ => HttpSignatures.DigestOf(Encoding.UTF8.GetBytes(text.Replace("Like", "Announce", StringComparison.Ordinal)))), body: text.Replace("Like", "Announce", StringComparison.Ordinal)),
            "a bit" => await Send(static request => Replace(request, "Signature", Flip)),
            "a bit, by the RFC" => await Send(static request => Replace(request, "Signature", Flip), byRfc: true),
            "three hours old" => await Send(at: Now.AddHours(-3)),
            "three hours old, by the RFC" => await Send(at: Now.AddHours(-3), byRfc: true),
            "of tomorrow" => await Send(at: Now.AddDays(1)),
            "without digest" => await Send(static request => Replace(request, "Digest", static _ => null)),
            "without host" => await Send(static request => Replace(request, "Signature", static value => value.Replace("(request-target) host date", "(request-target) date", StringComparison.Ordinal))),
            "without target" => await Send(static request => Replace(request, "Signature", static value => value.Replace("(request-target) host", "host", StringComparison.Ordinal))),
            "another host" => await Send(static request => request.Headers.Host = "elsewhere.example"),
            "another path" => await Send(request => request.RequestUri = new Uri(_host.AnnaId + "/inbox")),
            "another path, by the RFC" => await Send(request => request.RequestUri = new Uri(_host.AnnaId + "/inbox"), byRfc: true),
            "another's key" => await Send(keyId: _remote.IdOf("mallory") + "#main-key", name: "eve"),
            "another's key id" => await Send(keyId: _remote.IdOf("eve") + "#main-key", name: "eve"),
            "a key elsewhere" => await Send(keyId: "https://elsewhere.example/users/mallory#main-key"),
            "an activity elsewhere" => await Send(activity: With(like, static one => one["id"] = "https://elsewhere.example/like1")),
            "another key in the document" => await SendWith(static document => document["publicKey"]!["id"] = document["id"]!.ToString() + "#other"),
            "a document of another" => await SendWith(document => document["id"] = _remote.IdOf("eve")),
            "an inbox elsewhere" => await SendWith(static document => document["inbox"] = "https://elsewhere.example/inbox"),
            "no key" => await SendWith(static document => document.Remove("publicKey")),
            "twice one header" => await Send(static request => Replace(request, "Signature", static value => value.Replace("host date", "host host date", StringComparison.Ordinal))),
            "no base64" => await Send(static request => Replace(request, "Signature", static value => value.Replace("signature=\"", "signature=\"!", StringComparison.Ordinal))),
            "a kind of ours" => await Send(static request => Replace(request, "Signature", static value => value.Replace("rsa-sha256", "none", StringComparison.Ordinal))),
            "garbage" => await Send(activity: new() { ["x"] = "y" }),
            "a list" => await Raw("[]"),
            "nothing" => await Raw(""),
            "twice one member" => await Raw(text.Insert(1, "\"type\":\"Follow\",")),
            "too deep" => await Raw(string.Concat(Enumerable.Repeat("{\"a\":", 1000)) + "1" + new string('}', 1000)),
            _ => throw new InvalidOperationException(attack),
        };
        Assert.True(status is HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest, $"{status}");
        Assert.Empty(await _host.ReadAsync(_note));

        Task<HttpStatusCode> SendWith(Action<JsonObject> change)
        {
            _remote.Document = change;
            return Send();
        }

        async Task<HttpStatusCode> Raw(string body)
        {
            using var http = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_host.Address, "ap/inbox")) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
            HttpSignatures.SignByDraft(request, _host.Address.Authority, Encoding.UTF8.GetBytes(body), _remote.IdOf("mallory") + "#main-key", _remote.KeyOf("mallory"), Now);
            using var answer = await http.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task What_concerns_nobody_here_or_is_said_in_another_s_name_changes_nothing_and_nothing_is_fetched_for_it()
    {
        var reply = new JsonObject { ["id"] = $"{_remote.Address}/n", ["type"] = "Note", ["attributedTo"] = _remote.IdOf("eve"), ["inReplyTo"] = _note, ["content"] = "hi" };
        foreach (var activity in new[]
        {
            _remote.Like("https://elsewhere.example/note"), With(_remote.Like(_note), static one => one["type"] = "Flag"), With(_remote.Like(_note), static one => one["object"] = null),
            With(_remote.Like(_note), one => (one["type"], one["object"]) = ("Create", reply.DeepClone())), // Mallory sends what Eve is said to have written
            With(_remote.Like(_note), one => (one["type"], one["object"]) = ("Undo", new JsonObject { ["type"] = "Like", ["actor"] = _remote.IdOf("eve"), ["object"] = _note })),
            With(_remote.Like(_note), static one => (one["type"], one["object"]) = ("Delete", "https://elsewhere.example/note")),
        })
        {
            Assert.Equal(HttpStatusCode.Accepted, await _remote.SendAsync(_host, activity));
        }

        Assert.Empty(await _host.ReadAsync(_note));
        Assert.Equal(0, _remote.Asked);
    }

    [Fact]
    public async Task Nobody_takes_back_what_another_said()
    {
        await _remote.SendAsync(_host, _remote.Like(_note, "eve", "like-eve"), "eve");
        var undo = With(_remote.Like(_note, id: "undo"), one => (one["type"], one["object"]) = ("Undo", new JsonObject { ["id"] = $"{_remote.Address}/like-eve", ["type"] = "Like", ["actor"] = _remote.IdOf("mallory"), ["object"] = _note }));
        Assert.Equal(HttpStatusCode.Accepted, await _remote.SendAsync(_host, undo));
        Assert.Single(await _host.ReadAsync(_note));
    }

    [Fact]
    public async Task A_sender_at_an_address_that_nobody_may_lead_us_to_is_not_asked()
    {
        await using var closed = await FediverseHost.StartAsync(isOpen: false, works: false);
        var note = (await closed.PublishAsync(FediverseHost.PostOf("one"))).RemoteId!;
        Assert.Equal(HttpStatusCode.Unauthorized, await _remote.SendAsync(closed, _remote.Like(note)));
        Assert.Equal(0, _remote.Asked);
    }

    [Fact]
    public async Task A_key_is_asked_for_once_a_minute_however_many_requests_name_it()
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await _remote.SendAsync(_host, _remote.Like(_note), "eve", keyId: _remote.IdOf("mallory") + "#main-key"));
        }

        Assert.Equal(1, _remote.Asked);
    }

    [Fact]
    public async Task What_is_too_long_is_not_read_to_its_end()
    {
        var huge = With(_remote.Like(_note), static one => one["x"] = new string('x', InboxRequest.MostBytes));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await _remote.SendAsync(_host, huge));
    }

    [Fact]
    public async Task Activities_are_forgotten_when_their_signatures_are_too_old_to_be_taken_and_not_before()
    {
        await _remote.SendAsync(_host, _remote.Like(_note));
        var sweep = _host.Get<IEnumerable<Core.ISweep>>().OfType<FederationSweep>().Single();
        _time.Ahead = TimeSpan.FromMinutes(90);
        await sweep.SweepAsync(static _ => { }, TestContext.Current.CancellationToken);
        Assert.Equal(1, await CountAsync("ap-seen"));
        _time.Ahead = TimeSpan.FromHours(3);
        await sweep.SweepAsync(static _ => { }, TestContext.Current.CancellationToken);
        Assert.Equal(0, await CountAsync("ap-seen"));
    }

    [Fact]
    public async Task The_host_is_found_and_shows_no_more_than_it_should()
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        async Task<(HttpStatusCode Status, JsonNode? Body, string? Location)> GetAsync(string path, string accept = "application/activity+json")
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_host.Address, path)) { Headers = { { "Accept", accept } } };
            using var answer = await http.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            return (answer.StatusCode, body.StartsWith('{') ? JsonNode.Parse(body) : null, answer.Headers.Location?.ToString());
        }

        var finger = await GetAsync($".well-known/webfinger?resource=acct:anna@{_host.Address.Authority}");
        Assert.Equal(_host.AnnaId, finger.Body!["links"]![0]!["href"]!.ToString());
        foreach (var (resource, status) in new[] { ($"acct:nobody@{_host.Address.Authority}", 404), ("acct:anna@elsewhere.example", 404), ("", 400), (new string('x', 2000), 400) })
        {
            Assert.Equal(status, (int)(await GetAsync(".well-known/webfinger?resource=" + Uri.EscapeDataString(resource))).Status);
        }

        await _host.PublishAsync(FediverseHost.PostOf("secret", audience: AudienceKind.Followers));
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("ap/notes/secret")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("ap/notes/secret/1")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("ap/people/nobody")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("ap/people/..%2fanna")).Status);
        var outbox = (await GetAsync("ap/people/anna/outbox")).Body!;
        Assert.Equal((1, 1), ((int)outbox["totalItems"]!, outbox["orderedItems"]!.AsArray().Count));
        Assert.Null((await GetAsync("ap/people/anna/followers")).Body!["orderedItems"]);
        var note = (await GetAsync("ap/notes/one")).Body!;
        Assert.Equal((4711, "f1e20" + new string('a', 64)), ((int)note["attachment"]![0]!["size"]!, note["attachment"]![0]!["digestMultibase"]!.ToString()));
        Assert.Equal("https://share.example.org/d/one", (await GetAsync("ap/notes/one", "text/html")).Location);
        await _host.PublishAsync(FediverseHost.PostOf("one", 2) with { Withdrawn = true });
        Assert.Equal(HttpStatusCode.Gone, (await GetAsync("ap/notes/one")).Status);
        Assert.Equal("sharing", (await GetAsync("ap/nodeinfo")).Body!["software"]!["name"]!.ToString());
    }

    async Task<int> CountAsync(string kind)
    {
        var count = 0;
        await foreach (var _ in _host.Get<IRecordStore>().ScanAsync(RecordRange.Under(kind), TestContext.Current.CancellationToken))
        {
            count++;
        }

        return count;
    }

    static JsonObject With(JsonObject activity, Action<JsonObject> change)
    {
        change(activity);
        return activity;
    }
}
