using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.Offline;
using Sharing.Tests.Hosting;
using Sharing.Tests.Http;
using Sharing.Tests.Network;

namespace Sharing.Tests.Posts;

/// <summary>A social network server alone takes the share, gathers what is to be known and publishes it.</summary>
[Trait("Row", "R3")]
public sealed class WithoutDownloadServerTests : IAsyncLifetime
{
    static readonly PersonId Anna = PersonId.Parse("anna"), Ben = PersonId.Parse("ben"), Sue = PersonId.Parse("sue");

    readonly byte[] _bytes = new byte[300_000];
    Origin _origin = null!;
    SharingHost _host = null!;

    HttpPosts Posts => new(_host.Connect());

    HttpSocialNetwork Network => new(_host.Connect());

    public async ValueTask InitializeAsync()
    {
        new Random(3).NextBytes(_bytes);
        _origin = await Origin.StartAsync();
        _host = await SharingHost.StartAsync(sharing => sharing.AddSocialNetwork().AddPosts(), roles: SharingRoles.Social | SharingRoles.Posts);
        await Networks.BefriendAsync(_host.Get<IRelationships>(), Anna, Ben, true);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _origin.DisposeAsync();
    }

    Task<SharedPost> ShareAsync(Uri address) =>
        Posts.ShareAsync(Anna, new() { Resource = new() { Address = address, Name = "film.bin" }, Audience = Audience.Friends });

    [Fact]
    [Trait("Row", "R2")]
    public async Task It_gathers_size_and_type_from_the_origin_and_publishes_them()
    {
        var post = await ShareAsync(_origin.Serve("film.bin", _bytes));
        NetworkPost? seen = null;
        await ServerUnderTest.EventuallyAsync(async () =>
            (await Network.FeedAsync(Ben)).Posts is [var newest, ..] && (seen = newest) is { Resource: { Length: not null, MediaType: not null } });
        Assert.Equal((post.Link, (long?)_bytes.Length, "application/x-film"), (seen!.Link, seen.Resource.Length, seen.Resource.MediaType));
        Assert.Empty((await Network.FeedAsync(Sue)).Posts);
        Assert.Null((await Posts.FindAsync(Anna, post.Id))!.Library);
    }

    [Fact]
    [Trait("Row", "R5")]
    public async Task The_link_passes_the_origins_bytes_through_to_those_who_may_see_the_post()
    {
        var post = await ShareAsync(_origin.Serve("film.bin", _bytes));
        using var http = _host.Http;
        async Task<(int Status, byte[] Body)> FollowAsync(PersonId person)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_host.Address, $"d/{post.Id}"));
            request.Headers.Authorization = new("Bearer", SharingHost.TokenOf(person));
            using var answer = await http.SendAsync(request);
            return ((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync());
        }

        Assert.Equal(_bytes, (await FollowAsync(Ben)).Body);
        Assert.Equal(404, (await FollowAsync(Sue)).Status);
        using var library = await http.GetAsync(new Uri(_host.Address, "v1/library"));
        Assert.False(library.IsSuccessStatusCode);
    }

    [Fact]
    public async Task An_origin_that_does_not_answer_keeps_nothing_from_being_published()
    {
        await ShareAsync(_origin.Serve("nothing.bin", null));
        await ServerUnderTest.EventuallyAsync(async () => (await Network.FeedAsync(Ben)).Posts is [{ Resource: { Name: "film.bin", Length: null } }]);
    }
}
