using System.Text.Json.Nodes;
using Sharing.Tests.Downloads;
using Sharing.Tests.Fetching;
using Sharing.Tests.Hosting;
using Sharing.Trials.Restart;

namespace Sharing.Tests.Http;

/// <summary>From the terminal to the friends, as strangers' programs see it: the real command line shares, and curl reads.</summary>
public sealed class StoryOverHttpTests(StoryServer server) : IClassFixture<StoryServer>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    [Trait("Row", "R1")]
    [Trait("Row", "R2")]
    public async Task A_running_download_is_shared_with_one_command_and_friends_see_its_size_now_and_its_type_when_it_is_finished()
    {
        await using var origin = await HalfwayOrigin.StartAsync();
        var address = origin.Address("running.webm");
        await WithRunningAsync("anna", "running", async terminal =>
        {
            var number = await AddAsync(terminal, address, item => (long?)item["done"] > 0);
            await OnceAsync(terminal, "share", number);
            Assert.Equal("running", (string?)(await ItemAsync(terminal, number))!["state"]);

            var seen = await server.SeenAsync("ben", address, post => (long?)post["resource"]!["length"] == origin.Bytes.Length);
            Assert.Equal(("anna", "running.webm"), ((string?)seen["author"], (string?)seen["resource"]!["name"]));

            origin.GoOn();
            seen = await server.SeenAsync("ben", address, post => post["resource"]!["contentId"] is not null);
            Assert.Equal(("video/webm", origin.Bytes.Length), ((string?)seen["resource"]!["mediaType"], (int)seen["resource"]!["length"]!));
            Assert.Equal("running.webm", (string?)seen["resource"]!["name"]);
        });
    }

    [Fact(Timeout = 240_000)]
    [Trait("Row", "R1")]
    [Trait("Row", "R2")]
    public async Task A_finished_download_is_shared_with_one_command_and_friends_see_what_even_its_origin_did_not_say()
    {
        // Neither a length nor a type.
        await using var origin = await LoopbackServer.StartAsync(context => context.Response.Body.WriteAsync(new byte[70_000]).AsTask());
        var address = new Uri(origin.Address + "/notes");
        await WithRunningAsync("anna", "finished", async terminal =>
        {
            var number = await AddAsync(terminal, address, item => (string?)item["state"] == "finished");
            await OnceAsync(terminal, "share", number);
            var seen = await server.SeenAsync("ben", address, post => post["resource"]!["length"] is not null);
            Assert.Equal(("notes", 70_000), ((string?)seen["resource"]!["name"], (int)seen["resource"]!["length"]!));
            Assert.Null(seen["resource"]!["mediaType"]);
        });
    }

    [Fact]
    [Trait("Row", "R2")]
    public async Task Of_a_post_nothing_is_told_but_what_is_known_and_there_is_room_for_more()
    {
        await using var origin = await Origin.StartAsync();
        var (bare, rich) = (origin.Serve("bare", null), origin.Serve("rich", null));
        await server.ShareAsync("anna", bare, "friends", "a name with spaces and ü");
        await server.AskAsync("anna", "POST", "v1/posts", 201, JsonNode.Parse($$$"""
            {"resource":{"address":"{{{rich}}}","name":"rich","length":5,"mediaType":"text/x-log","more":{"pages":"312"}},"audience":{"kind":"friends"}}
            """));

        var seen = (await server.SeenAsync("ben", bare))["resource"]!.AsObject();
        Assert.Equal(["address", "name"], seen.Select(known => known.Key).Order(StringComparer.Ordinal));
        Assert.Equal("a name with spaces and ü", (string?)seen["name"]);
        seen = (await server.SeenAsync("ben", rich))["resource"]!.AsObject();
        Assert.Equal((5, "text/x-log", "312"), ((int)seen["length"]!, (string?)seen["mediaType"], (string?)seen["more"]!["pages"]));
    }

    [Fact(Timeout = 240_000)]
    [Trait("Row", "R3")]
    public async Task One_command_reaches_every_network_that_is_connected_and_those_that_fail_hold_up_no_other_and_nothing_is_there_twice()
    {
        await using var origin = await Origin.StartAsync();
        var address = origin.Serve("everywhere.bin", new byte[1000]);
        foreach (var network in new[] { StoryServer.Refusing, StoryServer.Hanging })
        {
            await server.AskAsync("dora", "PUT", $"v1/networks/{network}", body: new JsonObject { ["token"] = "x" });
        }

        await WithRunningAsync("dora", "networks", async terminal =>
        {
            var number = await AddAsync(terminal, address, item => (string?)item["state"] == "finished");
            var post = await OnceAsync(terminal, "share", number);
            var path = $"v1/posts/{(string)post["id"]!}";
            await ServerUnderTest.EventuallyAsync(async () => StateAt(await server.AskAsync("dora", "GET", path), "sharing") == "sent"
                && StateAt(await server.AskAsync("dora", "GET", path), StoryServer.Refusing) == "needsLogin" && server.Asked(StoryServer.Hanging) == 1);
            Assert.Equal("queued", StateAt(await server.AskAsync("dora", "GET", path), StoryServer.Hanging));

            var again = await OnceAsync(terminal, "share", number);
            Assert.Equal((string?)post["id"], (string?)again["id"]);
            Assert.Single(await server.FeedAsync("ben", address));
            Assert.Equal(1, server.Asked(StoryServer.Hanging));
        });
    }

    [Fact]
    [Trait("Row", "R3")]
    public async Task A_share_that_curl_repeats_with_its_key_is_one_post()
    {
        await using var origin = await Origin.StartAsync();
        var address = origin.Serve("repeated.bin", new byte[1000]);
        var posts = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => server.ShareAsync("anna", address, "friends", key: "repeated")));
        Assert.Single(posts.Select(post => (string?)post["id"]).Distinct(StringComparer.Ordinal));
        await server.SeenAsync("ben", address);
        Assert.Single((await server.AskAsync("anna", "GET", "v1/posts"))["posts"]!.AsArray(), post => (string?)post!["resource"]!["address"] == address.ToString());
    }

    [Fact]
    [Trait("Row", "R4")]
    public async Task A_friend_comments_and_reshares_and_his_followers_read_who_shared_it_first_where_they_may()
    {
        await using var origin = await Origin.StartAsync();
        var (open, closed) = (origin.Serve("open.bin", new byte[1000]), origin.Serve("closed.bin", new byte[1000]));
        await server.ShareAsync("anna", open, "everyone");
        await server.ShareAsync("anna", closed, "friends");
        foreach (var address in new[] { open, closed })
        {
            var thread = $"v1/network/posts/{(string)(await server.SeenAsync("ben", address))["id"]!}";
            await server.AskAsync("ben", "POST", thread + "/comments", 201, new JsonObject { ["text"] = "The part with the boat!" });
            var reshare = await server.AskAsync("ben", "POST", thread + "/reshares");
            var comment = Assert.Single((await server.AskAsync("anna", "GET", thread))["comments"]!.AsArray())!;
            Assert.Equal(("ben", "The part with the boat!"), ((string?)comment["author"], (string?)comment["text"]));
            if (address == open)
            {
                var seen = await server.SeenAsync("carl", address);
                Assert.Equal(("anna", "ben", (string?)reshare["id"]), ((string?)seen["author"], (string?)seen["resharedBy"], (string?)seen["id"]));
            }
            else
            {
                Assert.Empty(await server.FeedAsync("carl", address));
                await server.AskAsync("carl", "GET", $"v1/network/posts/{(string)reshare["id"]!}", 404);
                await server.AskAsync("carl", "POST", thread + "/comments", 404, new JsonObject { ["text"] = "Me too!" });
            }
        }
    }

    static string? StateAt(JsonNode post, string network) =>
        (string?)post["ledger"]!.AsArray().Single(line => (string?)line!["network"] == network)!["state"];

    /// <summary>A person's terminal, which runs the downloads meanwhile.</summary>
    async Task WithRunningAsync(string person, string name, Func<TerminalChild, Task> use)
    {
        var terminal = server.TerminalOf(person, name);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = terminal.KeepRunningAsync(end.Token);
        try
        {
            await use(terminal);
        }
        finally
        {
            await end.CancelAsync();
            await running;
        }
    }

    /// <summary>Adds to the list and waits until the item is as expected.</summary>
    /// <returns>Its number.</returns>
    static async Task<string> AddAsync(TerminalChild terminal, Uri address, Func<JsonNode, bool> expected)
    {
        var number = (string)(await OnceAsync(terminal, "add", address.ToString()))[0]!["id"]!;
        await ServerUnderTest.EventuallyAsync(async () => expected((await ItemAsync(terminal, number))!));
        return number;
    }

    static async Task<JsonNode?> ItemAsync(TerminalChild terminal, string number) =>
        (await OnceAsync(terminal, "list")).AsArray().Single(item => (string?)item!["id"] == number);

    /// <summary>One command, which ends well at once.</summary>
    static async Task<JsonNode> OnceAsync(TerminalChild terminal, params string[] command)
    {
        var before = terminal.Commands;
        var said = await terminal.UntilDoneAsync(Cancel, command);
        Assert.Equal(before + 1, terminal.Commands);
        return JsonNode.Parse(said)!;
    }
}
