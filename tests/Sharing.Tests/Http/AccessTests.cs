using Sharing.Offline;

namespace Sharing.Tests.Http;

/// <summary>The routes and pages of the server sample.</summary>
public sealed class AccessTests(ServerUnderTest server) : AccessSuite(server), IClassFixture<ServerUnderTest>
{
    readonly ServerUnderTest _server = server;

    protected override IEnumerable<(string Method, string Path)> Unknown =>
    [
        ("GET", "v1"), ("GET", "v1/"), ("GET", "v1/nothing"), ("POST", "v1/posts/x/y/z"), ("DELETE", "v1/feed"), ("PATCH", "v1/posts"), ("PUT", "v1/posts"),
        ("OPTIONS", "v1/posts"), ("TRACE", "v1/feed"), ("POST", "v1/library/" + new string('0', 32)), ("BREW", "v1/posts"), ("DELETE", "v1/posts"),
        ("POST", "d/" + PostId.New()), ("DELETE", "d/" + PostId.New()),
    ];

    [Fact]
    public void Its_links_and_its_pages_are_among_the_routes()
    {
        var routes = Route.Of(_server.Services).Select(route => route.Pattern).ToList();
        Assert.Contains("/d/{id}", routes);
        Assert.Contains("/me/withdraw", routes);
    }

    [Fact]
    [Trait("Row", "R4")]
    public async Task A_friendship_that_ends_closes_what_it_opened_with_the_next_request()
    {
        var relationships = _server.Get<Core.IRelationships>();
        var (owner, stranger) = (ServerUnderTest.IdOf(Actor.Owner), PersonId.Parse("Stranger"));
        var post = await _server.ShareAsync(Audience.Friends);
        foreach (var friends in new[] { true, false, true, false })
        {
            await relationships.BefriendAsync(owner, stranger, friends);
            await relationships.BefriendAsync(stranger, owner, friends);
            foreach (var path in new[] { $"v1/posts/{post.Id}", $"d/{post.Id}", $"v1/posts/{post.Id}/events" })
            {
                using var request = _server.RequestOf(Actor.Stranger, HttpMethod.Get, path);
                using var response = await _server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                Assert.Equal(friends ? 200 : 404, (int)response.StatusCode);
            }
        }
    }

    [Fact]
    public async Task A_form_without_its_antiforgery_token_changes_nothing()
    {
        foreach (var route in Route.Of(_server.Services).Where(r => r.Method == "POST" && !r.Pattern.StartsWith("/v1/", StringComparison.Ordinal) && r.Name[0] != '*'))
        {
            if (route.Pattern.StartsWith("/sign-", StringComparison.Ordinal))
            {
                continue; // the oracle has those
            }

            using var request = _server.RequestOf(Actor.Owner, HttpMethod.Post, route.Pattern[1..].Replace("{id}", PostId.New().Value, StringComparison.Ordinal));
            request.Content = new FormUrlEncodedContent([new("person", "Friend"), new("change", "unfriend"), new("sdk", "30"), new("abi", "x86")]);
            using var response = await _server.Http.SendAsync(request);
            Assert.True((int)response.StatusCode == 400, route.Name);
        }
    }
}
