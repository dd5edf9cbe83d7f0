using System.Text;
using System.Text.Json.Nodes;
using Sharing.Testing;

namespace Sharing.Tests.Social;

[Trait("Row", "R3")]
[Collection(AtProtoCollection.Name)]
public sealed class BlueskyPublisherTests(AtProtoFixture fixture) : FaultyNetworkSuite
{
    readonly AtProtoNetwork _network = fixture.Network;
    readonly SocialBench _bench = new(static sharing => sharing.AddBluesky());
    FaultServer _faults = null!;
    string _anna = "";

    protected override async Task<PublisherUnderTest> CreateAsync()
    {
        _faults = new(_network.Address) { Counts = static (method, path) => method == "POST" && path.Contains("com.atproto.repo.", StringComparison.Ordinal) };
        _anna = await _network.AddAsync("anna");
        var ben = await _network.AddAsync("ben");
        var account = new Account { Owner = PersonId.Parse("anna"), Network = "bluesky", Server = _faults.Address, Name = _anna, Token = "secret" };
        return new()
        {
            Publisher = _bench.Publisher,
            Account = account,
            BadAccount = account with { Token = "rubbish" },
            Other = account with { Owner = PersonId.Parse("ben"), Name = ben },
            Faults = _faults,
            ShownAsync = async _ => [.. (await _network.RecordsAsync(_anna, "app.bsky.feed.post")).Select(static one => new ShownPost(one["value"]!["text"]!.ToString(), new Uri(one["value"]!["embed"]!["external"]!["uri"]!.ToString())))],
        };
    }

    public override async Task A_post_withdrawn_before_the_network_heard_of_it_is_never_shown()
    {
        Assert.Equal(PublishState.Sent, (await Subject.Publisher.PublishAsync(PostOf("one", revision: 2) with { Withdrawn = true }, Subject.Account, Cancel)).State);
        Assert.Empty(await Subject.ShownAsync(Cancel)); // what would come after it is shown: the network remembers nothing of it
    }

    [Fact]
    public async Task A_post_has_a_record_for_machines_beside_it_and_both_go_together()
    {
        var post = PostOf("one") with { Resource = PostOf("one").Resource with { MediaType = "video/x-matroska", ContentId = ContentId.Parse(new string('a', 64)) } };
        var sent = await Subject.Publisher.PublishAsync(post, Subject.Account, Cancel);
        var record = Assert.Single(await _network.RecordsAsync(_anna, "org.sharing-sdk.resource"))["value"]!;
        Assert.Equal(("one", "film.mkv", 4711L, "video/x-matroska", new string('a', 64)), (record["key"]!.ToString(), record["name"]!.ToString(), (long)record["size"]!, record["mediaType"]!.ToString(), record["blake3"]!.ToString()));
        Assert.Equal([post.Link.ToString(), post.Resource.Address.ToString()], record["addresses"]!.AsArray().Select(static one => one!.ToString()));
        Assert.Equal(sent.RemoteId, record["post"]!.ToString());
        await Subject.Publisher.PublishAsync(post with { Revision = 2, Withdrawn = true, RemoteId = sent.RemoteId }, Subject.Account, Cancel);
        Assert.Empty(await _network.RecordsAsync(_anna, "org.sharing-sdk.resource"));
    }

    [Fact]
    public async Task Links_tags_and_people_in_a_text_are_marked_by_their_bytes()
    {
        var text = $"👨‍👩‍👧 See https://example.org/a?b=1, #film @{Subject.Other!.Name} and @nobody-is-here.test!";
        await Subject.Publisher.PublishAsync(PostOf("one", text), Subject.Account, Cancel);
        var facets = Assert.Single(await _network.RecordsAsync(_anna, "app.bsky.feed.post"))["value"]!["facets"]!.AsArray();
        var bytes = Encoding.UTF8.GetBytes(text);
        string Marked(JsonNode facet) => Encoding.UTF8.GetString(bytes[(int)facet["index"]!["byteStart"]!..(int)facet["index"]!["byteEnd"]!]);
        Assert.Equal(["https://example.org/a?b=1", "#film", "@" + Subject.Other.Name], facets.Select(facet => Marked(facet!)));
        Assert.Equal(["https://example.org/a?b=1", "film"], facets.Take(2).Select(static facet => (facet!["features"]![0]!["uri"] ?? facet["features"]![0]!["tag"])!.ToString()));
        Assert.StartsWith("did:plc:", facets[2]!["features"]![0]!["did"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whom_an_account_follows_and_who_follows_it_is_read()
    {
        var ben = Subject.Other!.Name!;
        var carl = await _network.AddAsync("carl");
        await _network.FollowAsync(_anna, ben);
        await _network.FollowAsync(ben, _anna);
        await _network.FollowAsync(carl, _anna);
        var account = await ((IAccountSignIn)Subject.Publisher).SignInAsync(Subject.Account, Cancel);
        for (var tries = 0; ; tries++)
        {
            var all = await ((IFollowLists)Subject.Publisher).ReadFollowsAsync(account, 1000, Cancel);
            if (all.Count(static one => one.FollowedBy) == 2 && all.Any(static one => one.Follows))
            {
                Assert.Equal([(ben, true, true), (carl, false, true)], all.Select(static one => (one.Name, one.Follows, one.FollowedBy)).Order());
                Assert.Equal((await ((IAccountSignIn)Subject.Publisher).SignInAsync(Subject.Other, Cancel)).Id, all.Single(one => one.Name == ben).Id);
                return;
            }

            Assert.True(tries < 300, $"The app view tells of {all.Count}.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancel);
        }
    }

    protected override async ValueTask CleanUpAsync()
    {
        await _faults.DisposeAsync();
        await _bench.DisposeAsync();
    }
}
