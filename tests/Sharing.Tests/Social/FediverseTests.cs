using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sharing.Testing;

namespace Sharing.Tests.Social;

/// <summary>With a real server of the fediverse, made with Fedify, where Fred is.</summary>
[Trait("Row", "R3")]
[Collection(AtProtoCollection.Name)] // beside the other servers of Node, not all at once
public sealed class FediverseTests : IAsyncLifetime
{
    readonly HttpClient _http = new();
    readonly ShiftedTime _time = new();
    FediverseHost _host = null!;
    NodeServer _fred = null!;

    string FredId => $"{_fred.Said}/users/fred";

    public async ValueTask InitializeAsync()
    {
        _host = await FediverseHost.StartAsync(_time);
        _fred = await NodeServer.StartAsync("activitypub.mjs", ["fred"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _fred.DisposeAsync();
        _http.Dispose();
    }

    async Task FredAsync(string what, params (string Name, string Value)[] given)
    {
        var query = string.Join('&', given.Concat(given.Any(static one => one.Name == "to") ? [] : [("to", _host.AnnaId)]).Select(static ((string Name, string Value) one) => $"{one.Name}={Uri.EscapeDataString(one.Value)}"));
        using var answer = await _http.GetAsync(new Uri($"{_fred.Said}/do/{what}?{query}"), TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    async Task<JsonObject> SeenAsync(string kind, int count = 1)
    {
        for (var tries = 0; ; tries++)
        {
            var seen = (await _http.GetFromJsonAsync<JsonArray>(new Uri(_fred.Said + "/seen"), TestContext.Current.CancellationToken))!;
            var of = seen.Where(one => one!["kind"]!.ToString() == kind).ToArray();
            if (of.Length >= count)
            {
                return of[count - 1]!.AsObject();
            }

            Assert.True(tries < 300, $"Fred has seen no {kind}: {seen.ToJsonString()}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    async Task<PostResponse[]> ReadAsync(string note, Func<IReadOnlyList<PostResponse>, bool> until)
    {
        for (var tries = 0; ; tries++)
        {
            var read = await _host.ReadAsync(note);
            if (until(read))
            {
                return [.. read];
            }

            Assert.True(tries < 300, $"There are {read.Count} responses.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_post_goes_to_followers_with_its_resource_for_machines_and_is_changed_and_withdrawn_in_place()
    {
        await FredAsync("follow", ("actor", _host.AnnaId));
        Assert.Contains("#follow", (await SeenAsync("Accept"))["json"]!["object"]!.ToJsonString(), StringComparison.Ordinal);
        var sent = await _host.PublishAsync(FediverseHost.PostOf("one"));
        var note = (await SeenAsync("Create"))["json"]!["object"]!;
        Assert.Equal(sent.RemoteId, note["id"]!.ToString());
        Assert.Contains("film one &lt;b&gt;revision&lt;/b&gt; 1", note["content"]!.ToString(), StringComparison.Ordinal);
        var document = note["attachment"] is JsonArray list ? list[0]! : note["attachment"]!;
        Assert.Equal(("Document", "film.mkv", "video/x-matroska"), (document["type"]!.ToString(), document["name"]!.ToString(), document["mediaType"]!.ToString()));
        await _host.PublishAsync(FediverseHost.PostOf("one", 2));
        Assert.Contains("revision&lt;/b&gt; 2", (await SeenAsync("Update"))["json"]!["object"]!["content"]!.ToString(), StringComparison.Ordinal);
        await _host.PublishAsync(FediverseHost.PostOf("one", 3) with { Withdrawn = true });
        Assert.Equal(sent.RemoteId, (await SeenAsync("Delete"))["object"]!.ToString());
        await FredAsync("unfollow", ("actor", _host.AnnaId));
        var followers = new Uri(_host.AnnaId + "/followers");
        for (var tries = 0; (await _http.GetFromJsonAsync<JsonObject>(followers, TestContext.Current.CancellationToken))!["totalItems"]!.ToString() != "0"; tries++)
        {
            Assert.True(tries < 100);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Comments_boosts_and_likes_are_read_back_without_their_markup_and_go_when_they_are_taken_back()
    {
        var note = (await _host.PublishAsync(FediverseHost.PostOf("one"))).RemoteId!;
        await FredAsync("reply", ("note", note), ("id", "r1"), ("text", "<p>Nice<script>alert(1)</script> <a href=\"javascript:x\">film</a> &amp; so on</p>"));
        await FredAsync("boost", ("note", note));
        await FredAsync("like", ("note", note));
        var read = await ReadAsync(note, static all => all.Count == 3);
        Assert.Equal([PostResponseKind.Comment, PostResponseKind.Reshare, PostResponseKind.Like], read.Select(static one => one.Kind));
        Assert.Equal("Nice film & so on", read[0].Text);
        Assert.All(read, one => Assert.Equal($"fred@{new Uri(_fred.Said).Authority}", one.Author));
        await FredAsync("unboost", ("note", note));
        await FredAsync("unreply", ("id", "r1"));
        Assert.Equal(PostResponseKind.Like, Assert.Single(await ReadAsync(note, static all => all.Count == 1)).Kind);
    }

    [Fact]
    public async Task People_here_comment_on_what_is_there_and_share_it_on()
    {
        await FredAsync("post", ("id", "p1"), ("text", "a post of Fred's"));
        var theirs = $"{_fred.Said}/notes/p1";
        Assert.Equal(PublishState.Sent, (await _host.Responses.RespondAsync(theirs, "well said", "c", _host.Account, TestContext.Current.CancellationToken)).State);
        Assert.Equal(theirs, (await SeenAsync("Create"))["json"]!["object"]!["inReplyTo"]!.ToString());
        Assert.Equal(PublishState.Sent, (await _host.Responses.RespondAsync(theirs, null, "r", _host.Account, TestContext.Current.CancellationToken)).State);
        Assert.Equal(theirs, (await SeenAsync("Announce"))["object"]!.ToString());
    }

    [Fact]
    public async Task A_delivery_whose_reply_is_lost_arrives_once()
    {
        await FredAsync("follow", ("actor", _host.AnnaId));
        await SeenAsync("Accept");
        await using var faults = new FaultServer(new Uri(_fred.Said + "/"));
        var inbox = new Uri(faults.Address, "inbox");
        var records = _host.Get<IRecordStore>();
        await foreach (var follower in records.ScanAsync(RecordRange.Under("ap-follower", "anna"), TestContext.Current.CancellationToken))
        {
            var json = JsonNode.Parse(follower.Json.Span)!;
            json["sharedInbox"] = inbox.ToString();
            Assert.True((await records.CommitAsync(new RecordBatch().Put(follower.Key, System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()), follower.Version), TestContext.Current.CancellationToken)).Committed);
        }

        faults.Next(NetworkFault.LostReply, NetworkFault.LostRequest, NetworkFault.Duplicate);
        await _host.PublishAsync(FediverseHost.PostOf("one"));
        for (var tries = 0; faults.Requests < 3; tries++)
        {
            Assert.True(tries < 400, $"{faults.Requests} requests");
            _time.Ahead += TimeSpan.FromSeconds(5); // towards the next try
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        await SeenAsync("Create");
        await _host.PublishAsync(FediverseHost.PostOf("two"));
        await SeenAsync("Create", 2);
        var seen = (await _http.GetFromJsonAsync<JsonArray>(new Uri(_fred.Said + "/seen"), TestContext.Current.CancellationToken))!;
        Assert.Equal(2, seen.Count(static one => one!["kind"]!.ToString() == "Create"));
    }

    [Fact]
    public async Task A_key_that_was_changed_is_fetched_anew()
    {
        var note = (await _host.PublishAsync(FediverseHost.PostOf("one"))).RemoteId!;
        await FredAsync("like", ("note", note));
        await ReadAsync(note, static all => all.Count == 1);
        await FredAsync("rotate");
        _time.Ahead = TimeSpan.FromMinutes(2); // not more often than once a minute
        await FredAsync("boost", ("note", note));
        await ReadAsync(note, static all => all.Count == 2);
    }
}
