using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Offline;
using Sharing.Tests.Hosting;
using Sharing.Tests.Network;

namespace Sharing.Tests.Posts;

/// <summary>Every way over HTTP to a post, its bytes and what stands beside it, tried by everybody.</summary>
[Trait("Row", "R4")]
public sealed class AudienceTests : IAsyncLifetime
{
    static readonly PersonId Anna = PersonId.Parse("anna"), Ben = PersonId.Parse("ben"), Fay = PersonId.Parse("fay"), Sue = PersonId.Parse("sue");

    Origin _origin = null!;
    SharingHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _origin = await Origin.StartAsync();
        _host = await SharingHost.StartAsync(sharing => sharing.AddSocialNetwork().AddDownloadServer());
        var relationships = _host.Get<IRelationships>();
        await Networks.BefriendAsync(relationships, Anna, Ben, true);
        await relationships.FollowAsync(Fay, Anna, true);
        await _host.Get<IFriendGroups>().SaveAsync(Anna, new("family", [Ben, Sue])); // Sue is in it, and no friend
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _origin.DisposeAsync();
    }

    /// <summary>Shares, and waits until it is stored and published.</summary>
    async Task<SharedPost> ShareAsync(Audience audience)
    {
        var posts = _host.Get<IPosts>();
        var resource = new Resource { Address = _origin.Serve("secret-film", new byte[1000]), Name = "secret-film" };
        var id = (await posts.ShareAsync(Anna, new() { Resource = resource, Audience = audience })).Id;
        while (true)
        {
            var post = await posts.FindAsync(Anna, id);
            if (post is { Library: OfflineState.Stored } && post.Ledger!.All(line => line.State == PublishState.Sent))
            {
                return post;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    async Task<(HttpStatusCode Status, string Body)> AskAsync(PersonId? reader, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, new Uri(_host.Address, path));
        if (reader is { } person)
        {
            request.Headers.Authorization = new("Bearer", SharingHost.TokenOf(person));
        }

        if (method == HttpMethod.Post && path.EndsWith("comments", StringComparison.Ordinal))
        {
            request.Content = JsonContent.Create(new { text = "hi" });
        }

        using var http = _host.Http;
        using var reply = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return (reply.StatusCode, path.EndsWith("events", StringComparison.Ordinal) && reply.IsSuccessStatusCode ? "" : await reply.Content.ReadAsStringAsync());
    }

    static (HttpMethod Method, string Path)[] WaysTo(string id) =>
    [
        (HttpMethod.Get, $"v1/posts/{id}"), (HttpMethod.Get, $"v1/posts/{id}/events"), (HttpMethod.Get, $"v1/posts/{id}/content"),
        (HttpMethod.Head, $"v1/posts/{id}/content"), (HttpMethod.Get, $"v1/posts/{id}/content?stored=true"), (HttpMethod.Get, $"v1/posts/{id}/groups"),
        (HttpMethod.Get, $"d/{id}"), (HttpMethod.Head, $"d/{id}"), (HttpMethod.Get, $"v1/network/posts/{id}"),
    ];

    static (HttpMethod Method, string Path)[] DeedsAt(string id) =>
        [(HttpMethod.Post, $"v1/network/posts/{id}/comments"), (HttpMethod.Post, $"v1/network/posts/{id}/reshares")];

    public static TheoryData<Audience, string> Matrix => new()
    {
        { Audience.Everyone, "anna ben fay sue -" }, { Audience.Followers, "anna ben fay" }, { Audience.Friends, "anna ben" }, { Audience.Of(Sue), "anna sue" },
        { Audience.OfGroups("family"), "anna ben" }, { Audience.OfGroups("work"), "anna" }, { new(AudienceKind.Named, [Sue], ["family", "work"]), "anna ben sue" },
    };

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Matrix))]
    public async Task Nobody_outside_the_audience_gets_at_a_post_or_learns_that_it_is_there(Audience audience, string covered)
    {
        var post = await ShareAsync(audience);
        var nothing = PostId.New().Value;
        foreach (var reader in new PersonId?[] { Anna, Ben, Fay, Sue, null })
        {
            var isCovered = covered.Split(' ').Contains(reader?.Value ?? "-");
            var deeds = reader is null ? [] : DeedsAt("{0}");
            foreach (var (method, path) in WaysTo("{0}").Concat(deeds))
            {
                var there = await AskAsync(reader, method, path.Replace("{0}", post.Id.Value, StringComparison.Ordinal));
                var missing = await AskAsync(reader, method, path.Replace("{0}", nothing, StringComparison.Ordinal));
                Assert.False((int)missing.Status < 400, $"{path} of nothing");
                Assert.True(isCovered == ((int)there.Status < 300), $"{reader} {method} {path}: {there.Status}");
                if (!isCovered)
                {
                    Assert.Equal(missing, there); // the same bytes
                }
            }

            if (reader is { } person)
            {
                // Sue does not read Anna, but has reshared by now what she may see.
                var feed = (await AskAsync(person, HttpMethod.Get, "v1/feed")).Body;
                Assert.Equal(isCovered, feed.Contains(post.Id.Value, StringComparison.Ordinal));
                var seen = (await AskAsync(person, HttpMethod.Get, $"v1/posts/{post.Id}")).Body;
                Assert.Equal(person == Anna, seen.Contains("ledger", StringComparison.Ordinal));
                var library = (await AskAsync(person, HttpMethod.Get, $"v1/library/{ResourceId.Of(post.Resource.Address)}/content")).Status;
                Assert.Equal(person == Anna, library == HttpStatusCode.OK);
                Assert.Equal(person == Anna, (await AskAsync(person, HttpMethod.Get, "v1/library")).Body.Contains("secret-film", StringComparison.Ordinal));
                Assert.Equal(person == Anna, (await AskAsync(person, HttpMethod.Get, "v1/posts")).Body.Contains(post.Id.Value, StringComparison.Ordinal));
            }
        }
    }

    [Theory(Timeout = 120_000)]
    [InlineData("friends", "friendship")]
    [InlineData("group", "friendship")]
    [InlineData("group", "membership")]
    public async Task A_friendship_or_a_membership_that_ends_closes_every_way_at_once(string audience, string ends)
    {
        var post = await ShareAsync(audience == "friends" ? Audience.Friends : Audience.OfGroups("family"));
        foreach (var (method, path) in WaysTo(post.Id.Value))
        {
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(Ben, method, path)).Status);
        }

        await (ends == "friendship" ? _host.Get<IRelationships>().BefriendAsync(Anna, Ben, false) : _host.Get<IFriendGroups>().SaveAsync(Anna, new("family", [Sue])));
        foreach (var (method, path) in WaysTo(post.Id.Value).Concat(DeedsAt(post.Id.Value)))
        {
            Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(Ben, method, path)).Status);
        }

        Assert.DoesNotContain(post.Id.Value, (await AskAsync(Ben, HttpMethod.Get, "v1/feed")).Body, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_post_that_is_withdrawn_is_closed_to_its_owner_too()
    {
        var post = await ShareAsync(Audience.Everyone);
        Assert.Equal(HttpStatusCode.NoContent, (await AskAsync(Anna, HttpMethod.Delete, $"v1/posts/{post.Id}")).Status);
        foreach (var (method, path) in WaysTo(post.Id.Value)[..8])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(Anna, method, path)).Status);
        }

        while ((await AskAsync(Ben, HttpMethod.Get, $"v1/network/posts/{post.Id}")).Status != HttpStatusCode.NotFound)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
