using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sharing.Core;
using Sharing.Social;
using Sharing.Testing;
using Sharing.Tests.Social;

namespace Sharing.Tests.Personal;

/// <summary>What is kept of somebody who takes part in the fediverse, and what other servers are told when he is gone. Mallory of another server follows, likes and comments.</summary>
[Trait("Row", "C1")]
public sealed class FediverseErasureTests : IAsyncLifetime
{
    const string Name = "olgamark";

    static readonly PersonId s_olga = PersonId.Parse("olgamark-person");
    static readonly string[] s_marks = [s_olga.Value, Name, "mark-text", "mark-file", "mark-origin", "mark-link", "mark-followers", "mark-withdrawn", "mark-reply-here", "mark-reply-there", "mark-late", "mark-comment", "mark-dead"];

    readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds()));
    readonly HttpClient _http = new();
    FediverseHost _host = null!;
    RemoteServer _remote = null!;
    Account _olga = null!, _ben = null!;
    string _bensNote = "", _herNote = "";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    IServiceProvider Services => _host.Get<IServiceProvider>();

    string HerId => _host.Address + "ap/people/" + Name;

    public async ValueTask InitializeAsync()
    {
        _host = await FediverseHost.StartAsync(_time, works: false);
        _remote = await RemoteServer.StartAsync();
        _ben = new() { Owner = FediverseHost.Ben, Network = "fediverse" };
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _remote.DisposeAsync();
        _http.Dispose();
    }

    [Fact(Timeout = 120_000)]
    public async Task Whoever_is_erased_is_taken_out_is_gone_and_his_followers_servers_are_told_so()
    {
        await PlantAsync();
        var key = (await _http.GetStringAsync(new Uri(HerId), Cancel)) is var document ? JsonNode.Parse(document)!["publicKey"]!["publicKeyPem"]!.ToString() : "";
        var files = await Erasing.ExportAsync(Services, s_olga, Cancel);
        Assert.All(s_marks, mark => Assert.Contains(files, file => file.Value.Contains(mark, StringComparison.Ordinal)));
        Assert.Contains(_remote.IdOf("mallory"), files["fediverse/followers.json"], StringComparison.Ordinal);
        Assert.DoesNotContain(files, static file => file.Value.Contains("privateKey", StringComparison.Ordinal) || file.Value.Contains("bens-text", StringComparison.Ordinal));

        // From that moment on nobody finds her, and the one delivery that is left says so.
        var personal = _host.Get<PersonalData>();
        await personal.EraseAsync(s_olga, Cancel);
        await personal.RunOnceAsync(Cancel);
        Assert.Equal(["fediverse"], (await personal.StateAsync(s_olga, Cancel))!.WaitsFor);
        await IsGoneAsync();
        Assert.Equal(PublishState.NeedsLogin, (await PublishAsync(PostOf("late"), _olga)).State);
        Assert.Equal(PublishState.Sent, (await PublishAsync(PostOf("one", 2) with { Withdrawn = true }, _olga)).State);
        await _remote.SendAsync(_host, Follow(HerId, "late-follow"));
        _remote.Delivered.Clear();
        while (await _host.DeliverAsync())
        {
        }

        var (headers, body) = Assert.Single(_remote.Delivered, static one => one.Body.Contains("\"Delete\"", StringComparison.Ordinal));
        var told = JsonNode.Parse(body)!;
        Assert.Equal(("Delete", HerId, HerId), (told["type"]!.ToString(), told["actor"]!.ToString(), told["object"]!.ToString()));
        Assert.Contains(HerId + "#main-key", headers["Signature"].ToString(), StringComparison.Ordinal);
        Assert.True(IsSigned(headers, key));

        await Erasing.EraseAsync(Services, s_olga, Cancel);
        Assert.Empty(await Erasing.FindAsync(Services, s_marks, Cancel));
        Assert.False(await _host.DeliverAsync()); // and nothing is left to be said
        await IsGoneAsync();
        Assert.Single(await Erasing.ExportAsync(Services, s_olga, Cancel));
        var refused = await Assert.ThrowsAsync<SharingException>(() => ConnectAsync(PersonId.Parse("somebody-else"), Name));
        Assert.Equal(ProblemCodes.InvalidInput, refused.Code);

        // Ben is there with all that is his and others' of his.
        var responses = await _host.Responses.ReadAsync(_bensNote, 100, _ben, Cancel);
        Assert.Equal([(PostResponseKind.Comment, "bens-comment"), (PostResponseKind.Like, null)], responses.Select(static one => (one.Kind, one.Text)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_bensNote));
        Assert.Contains("\"totalItems\":1", await _http.GetStringAsync(new Uri(_host.Address + "ap/people/ben/followers"), Cancel), StringComparison.Ordinal);
        Assert.Contains("bens-reply", await _http.GetStringAsync(new Uri(_host.Address + "ap/people/ben/outbox"), Cancel), StringComparison.Ordinal);

        await Erasing.EraseAsync(Services, s_olga, Cancel);
        await Erasing.EraseAsync(Services, PersonId.Parse("nobody-here"), Cancel);
        Assert.Equal(2, (await _host.Responses.ReadAsync(_bensNote, 100, _ben, Cancel)).Count);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_server_that_does_not_answer_is_waited_for_for_three_days()
    {
        await PlantAsync();
        _remote.Inbox = static (_, _) => 503;
        var personal = _host.Get<PersonalData>();
        var began = (await personal.EraseAsync(s_olga, Cancel)).Since;
        while ((await personal.StateAsync(s_olga, Cancel))!.Done is null)
        {
            Assert.True(_time.GetUtcNow() < began.AddDays(3.2));
            await personal.RunOnceAsync(Cancel);
            await _host.DeliverAsync();
            if (_time.GetUtcNow() < began.AddDays(2.9))
            {
                Assert.Equal(["fediverse"], (await personal.StateAsync(s_olga, Cancel))!.WaitsFor);
                await IsGoneAsync();
            }

            _time.Advance(TimeSpan.FromMinutes(20));
        }

        Assert.Empty(await Erasing.FindAsync(Services, s_marks, Cancel));
        await IsGoneAsync();
    }

    [Theory(Timeout = 240_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_goes_on_after_any_commit_that_failed(bool isLost)
    {
        var plan = new FaultPlan();
        var records = new FaultyRecordStore(_host.Get<IRecordStore>(), plan);
        var options = _host.Get<IOptions<ActivityPubOptions>>();
        var actors = new Actors(records, options, _time);
        var documents = new ActivityDocuments(actors, options);
        var deliveries = new Deliveries(records, _host.Get<NetworkCaller>(), actors, documents, options, NullLogger<Deliveries>.Instance);
        var part = new FediversePersonalData(records, actors, documents, deliveries, _time);
        for (var nth = 1; ; nth++)
        {
            await PlantAsync();
            var since = _time.GetUtcNow();
            plan.Add("records.commit", isLost ? Fault.LosingAnswer() : Fault.Failing(), nth);
            var failed = false;
            for (var isDone = false; !isDone;)
            {
                try
                {
                    isDone = await part.EraseAsync(s_olga, since, Cancel);
                    _ = await _host.DeliverAsync(); // Ben's, or that she is gone
                }
                catch (IOException)
                {
                    failed = true;
                }
            }

            plan.Clear();
            Assert.Empty(await Erasing.FindAsync(Services, s_marks, Cancel));
            await IsGoneAsync();
            if (!failed)
            {
                Assert.True(nth > 8, "There were not that few commits.");
                return;
            }

            // Her name is free again for the next round only.
            await _host.Get<IRecordStore>().DeleteAllAsync(RecordRange.Under("ap-gone"), Cancel);
        }
    }

    /// <summary>All that there can be of Olga, and some of Ben's.</summary>
    async Task PlantAsync()
    {
        _olga = await ConnectAsync(s_olga, Name);
        _remote.Inbox = static (_, _) => 400; // it will never take the first
        var tag = Guid.NewGuid().ToString("n")[..8]; // each round has activities of its own
        await _remote.SendAsync(_host, Follow(HerId, "follow-" + tag));
        await PublishAsync(PostOf("dead-" + tag) with { Text = "mark-dead" }, _olga);
        while (await _host.DeliverAsync())
        {
        }

        _remote.Inbox = static (_, _) => 202;
        await _remote.SendAsync(_host, Follow(_host.Address + "ap/people/ben", "follow-ben-" + tag));
        _bensNote = (await PublishAsync(BensPost("ben-" + tag), _ben)).RemoteId!;
        _herNote = (await PublishAsync(PostOf("one-" + tag), _olga)).RemoteId!;
        await PublishAsync(PostOf("two-" + tag) with { Text = "mark-followers", Audience = Audience.Followers }, _olga);
        await PublishAsync(PostOf("three-" + tag), _olga);
        await PublishAsync(PostOf("three-" + tag, 2) with { Text = "mark-withdrawn", Withdrawn = true }, _olga);
        foreach (var (note, text) in new[] { (_herNote, "mark-comment"), (_bensNote, "bens-comment") })
        {
            await _remote.SendAsync(_host, _remote.Like(note, id: $"like-{text}-{tag}"));
            await _remote.SendAsync(_host, Comment(note, text, tag));
        }

        // Olga about Ben's and a remote post, and Ben about hers.
        _remote.Document = document => document["attributedTo"] = _remote.IdOf("mallory");
        Assert.Equal(PublishState.Sent, (await _host.Responses.RespondAsync(_bensNote, "mark-reply-here", "k1" + tag, _olga, Cancel)).State);
        Assert.Equal(PublishState.Sent, (await _host.Responses.RespondAsync(_bensNote, null, "k2" + tag, _olga, Cancel)).State);
        Assert.Equal(PublishState.Sent, (await _host.Responses.RespondAsync(_remote.IdOf("mallory"), "mark-reply-there", "k3" + tag, _olga, Cancel)).State);
        Assert.Equal(PublishState.Sent, (await _host.Responses.RespondAsync(_herNote, "bens-reply", "k4" + tag, _ben, Cancel)).State);
        Assert.Equal(PublishState.Sent, (await _host.Responses.RespondAsync(_herNote, null, "k5" + tag, _ben, Cancel)).State);
        await PublishAsync(PostOf("late-" + tag) with { Text = "mark-late" }, _olga);
    }

    async Task IsGoneAsync()
    {
        Assert.Equal(HttpStatusCode.Gone, await StatusAsync(HerId));
        Assert.Equal(HttpStatusCode.Gone, await StatusAsync(HerId + "/outbox"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(_herNote));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync($"{_host.Address}.well-known/webfinger?resource=acct:{Name}@{_host.Address.Authority}"));
    }

    async Task<HttpStatusCode> StatusAsync(string address)
    {
        using var answer = await _http.GetAsync(new Uri(address), Cancel);
        return answer.StatusCode;
    }

    Task<Account> ConnectAsync(PersonId person, string name) => ((IAccountSignIn)_host.Publisher).SignInAsync(new() { Owner = person, Network = "fediverse", Name = name }, Cancel);

    Task<PublishOutcome> PublishAsync(Post post, Account account) => _host.Publisher.PublishAsync(post, account, Cancel);

    JsonObject Follow(string id, string activity) => new() { ["id"] = $"{_remote.Address}/{activity}", ["type"] = "Follow", ["actor"] = _remote.IdOf("mallory"), ["object"] = id };

    JsonObject Comment(string note, string text, string tag) => new()
    {
        ["id"] = $"{_remote.Address}/create-{text}-{tag}", ["type"] = "Create", ["actor"] = _remote.IdOf("mallory"),
        ["object"] = new JsonObject { ["id"] = $"{_remote.Address}/note-{text}-{tag}", ["type"] = "Note", ["attributedTo"] = _remote.IdOf("mallory"), ["content"] = $"<p>{text}</p>", ["inReplyTo"] = note },
    };

    static Post PostOf(string key, int revision = 1) => new(revision)
    {
        Key = key, Author = s_olga, Text = "mark-text", Link = new("https://share.example.org/d/mark-link"), Audience = Audience.Everyone, At = DateTimeOffset.UnixEpoch.AddYears(56),
        Resource = new() { Address = new("https://origin.example.org/mark-origin"), Name = "mark-file.mkv" },
    };

    static Post BensPost(string key) => PostOf(key) with { Author = FediverseHost.Ben, Text = "bens-text", Link = new("https://share.example.org/d/bens"), Resource = new() { Address = new("https://origin.example.org/bens"), Name = "bens.mkv" } };

    /// <summary>Whether a delivery is signed, by the draft, with a key.</summary>
    static bool IsSigned(Microsoft.AspNetCore.Http.IHeaderDictionary headers, string pem)
    {
        var parts = headers["Signature"].ToString().Split("\",").Select(static one => one.Split("=\"", 2)).ToDictionary(static one => one[0], static one => one[1].TrimEnd('"'));
        var text = string.Join('\n', parts["headers"].Split(' ').Select(name => name + ": " + (name == "(request-target)" ? "post /users/mallory/inbox" : headers[name].ToString())));
        using var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        return rsa.VerifyData(Encoding.UTF8.GetBytes(text), Convert.FromBase64String(parts["signature"]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }
}
