using Microsoft.Extensions.DependencyInjection;
using Sharing.Offline;
using static Sharing.Tests.Downloads.DownloadsBench;

namespace Sharing.Tests.Downloads;

[Trait("Row", "R1")]
public sealed class DownloadSharingTests
{
    [Fact]
    [Trait("Row", "R2")]
    public async Task An_item_shared_while_it_runs_is_a_post_at_once_and_the_post_learns_the_rest_when_it_is_finished()
    {
        await using var origin = await HalfwayOrigin.StartAsync();
        await using var bench = new DownloadsBench();
        await bench.StartAsync();
        var id = (await bench.AddAsync(origin.Address(), "My film.webm")).Id;
        await bench.WhenAsync(id, item => item.Done >= 1024 * 1024);

        var post = await bench.Downloads.ShareAsync(Anna, id, new ShareOptions { Audience = Audience.Everyone, Text = "Watch this" });

        Assert.Equal(("My film.webm", "Watch this", origin.Address()), (post!.Resource.Name, post.Text, post.Resource.Address));
        Assert.Equal(new Uri($"http://share.test/d/{post.Id}"), post.Link);
        Assert.Equal(post.Id, (await bench.FindAsync(id))!.SharedAs);
        Assert.NotNull(await bench.Posts.FindAsync(null, post.Id));
        Assert.Equal(DownloadState.Running, (await bench.FindAsync(id))!.State);

        origin.GoOn();
        var item = await bench.WhenAsync(id, item => item.State == DownloadState.Finished);
        var told = await bench.WhenAsync(post.Id, p => p.Resource.ContentId is not null);
        Assert.Equal((origin.Bytes.Length, "video/webm"), (told.Resource.Length, told.Resource.MediaType));
        Assert.Equal(item.Resource.ContentId, told.Resource.ContentId);
        Assert.Equal("My film.webm", told.Resource.Name);
    }

    [Fact]
    [Trait("Row", "R2")]
    public async Task What_the_library_learns_of_a_resource_is_told_to_all_its_posts_with_no_terminal_about()
    {
        await using var origin = await HalfwayOrigin.StartAsync();
        await using var bench = new DownloadsBench();
        await bench.StartAsync();
        Task<SharedPost> Share(PersonId person, Resource? resource = null) => bench.Posts.ShareAsync(
            person, new() { Resource = resource ?? new() { Address = origin.Address(), Name = "film.webm" }, Audience = Audience.Everyone });
        SharedPost[] before = [await Share(Anna), await Share(Bert)];
        var withdrawn = await Share(Anna);
        await bench.Posts.WithdrawAsync(Anna, withdrawn.Id);
        var other = await Share(Anna, new() { Address = origin.Address(), Name = "film.webm", Length = 5 }); // he has another version
        origin.GoOn();
        await bench.WhenAsync(before[0].Id, post => post.Resource.ContentId is not null);
        var after = await Share(Bert);

        foreach (var post in before.Append(after))
        {
            var told = await bench.WhenAsync(post.Id, p => p.Resource.ContentId is not null);
            Assert.Equal((origin.Bytes.Length, "video/webm", 2), (told.Resource.Length, told.Resource.MediaType, told.Revision));
        }

        Assert.Null(await bench.Posts.FindAsync(Anna, withdrawn.Id));
        var theirs = await bench.WhenAsync(other.Id, p => p.Resource.MediaType is not null);
        Assert.Equal((5, (ContentId?)null), (theirs.Resource.Length, theirs.Resource.ContentId));
    }

    [Fact]
    public async Task A_finished_item_is_shared_with_all_that_is_known()
    {
        await using var origin = await HalfwayOrigin.StartAsync(stops: false);
        await using var bench = new DownloadsBench();
        await bench.StartAsync();
        var item = await bench.WhenAsync((await bench.AddAsync(origin.Address())).Id, i => i.State == DownloadState.Finished);

        var post = await bench.Downloads.ShareAsync(Anna, item.Id, new ShareOptions());

        Assert.Equal(Audience.Friends, post!.Audience);
        Assert.Equal(item.Resource, post.Resource);
    }

    [Fact]
    public async Task Sharing_an_item_with_the_same_people_again_is_the_same_share_and_with_others_another()
    {
        await using var bench = new DownloadsBench();
        await bench.StartAsync(run: false);
        var id = (await bench.AddAsync(new("https://example.org/film.webm"))).Id;
        Task<SharedPost?> Share(Audience audience) => bench.Downloads.ShareAsync(Anna, id, new ShareOptions { Audience = audience });

        var first = await Share(Audience.Friends);
        var again = await Share(Audience.Friends);
        var everyone = await Share(Audience.Everyone);
        var bert = await Share(Audience.Of(Bert));

        Assert.Equal(first!.Id, again!.Id);
        Assert.Equal(3, new[] { first.Id, everyone!.Id, bert!.Id }.Distinct().Count());
        Assert.Equal(3, (await bench.Posts.ListAsync(Anna)).Posts.Count);
    }

    [Fact]
    public async Task A_share_counts_even_if_the_server_does_not_answer_what_follows_it()
    {
        var posts = new MutePosts();
        await using var bench = new DownloadsBench(services => services.AddSingleton<IPosts>(posts));
        await using var origin = await HalfwayOrigin.StartAsync(stops: false);
        await bench.StartAsync();
        var item = await bench.WhenAsync((await bench.AddAsync(origin.Address())).Id, i => i.State == DownloadState.Finished);

        var post = await bench.Downloads.ShareAsync(Anna, item.Id, new ShareOptions());
        Assert.Equal(post!.Id, (await bench.FindAsync(item.Id))!.SharedAs);

        posts.Answers = true;
        await bench.StartAsync(); // and the server is told in the end
        for (var i = 0; i < 1000 && posts.Told is null; i++)
        {
            await Task.Delay(10);
        }

        Assert.Equal(item.Resource.ContentId, posts.Told?.ContentId);
    }

    [Fact]
    public async Task The_link_of_a_post_is_downloaded_from_its_resource_by_those_who_may_see_it()
    {
        await using var bench = new DownloadsBench();
        await bench.StartAsync(run: false);
        var shared = await bench.AddAsync(new("https://example.org/x?y=z"), "Film of the year.webm");
        var post = await bench.Downloads.ShareAsync(Anna, shared.Id, new ShareOptions { Audience = Audience.Of(Bert) });

        var item = await bench.Downloads.AddAsync(Bert, new DownloadRequest { Address = post!.Link });
        var fault = await Assert.ThrowsAsync<SharingException>(
            () => bench.Downloads.AddAsync(PersonId.Parse("carla"), new DownloadRequest { Address = post.Link }));

        Assert.Equal((post.Id, "Film of the year.webm"), (item.From, item.Resource.Name));
        Assert.Equal(new Uri("https://example.org/x?y=z"), item.Resource.Address);
        Assert.Equal(ProblemCodes.NotFound, fault.Code);
    }

    [Fact]
    public async Task A_host_decides_where_links_lead_and_its_terminals_read_them()
    {
        await using var bench = new DownloadsBench(services => services.AddSingleton<IShareLinks, OwnLinks>());
        await bench.StartAsync(run: false);
        var shared = await bench.AddAsync(new("https://example.org/film.webm"));
        var post = await bench.Downloads.ShareAsync(Anna, shared.Id, new ShareOptions { Audience = Audience.Everyone });

        Assert.Equal($"https://club.test/tours?shared={post!.Id}", post.Link.ToString());
        Assert.Equal(post.Id, (await bench.Downloads.AddAsync(Bert, new DownloadRequest { Address = post.Link })).From);
    }

    sealed class OwnLinks : IShareLinks
    {
        const string Page = "https://club.test/tours?shared=";

        public Uri Of(PostId post) => new(Page + post);

        public PostId? Read(Uri address) =>
            address.AbsoluteUri.StartsWith(Page, StringComparison.Ordinal) && PostId.TryParse(address.AbsoluteUri.AsSpan(Page.Length), out var id) ? id : null;
    }

    /// <summary>Takes shares, and fails at everything else until it answers.</summary>
    sealed class MutePosts : IPosts
    {
        readonly SharedPost _post = new()
        {
            Id = PostId.New(),
            Owner = Anna,
            Resource = new Resource { Address = new("https://example.org/"), Name = "x" },
            Audience = Audience.Friends,
            Text = "x",
            Link = new("http://share.test/d/x"),
            At = DateTimeOffset.UnixEpoch,
        };

        public bool Answers { get; set; }

        public Resource? Told { get; private set; }

        public Task<SharedPost> ShareAsync(PersonId actor, ShareRequest request, CancellationToken cancellationToken = default) => Task.FromResult(_post);

        public Task<SharedPost?> UpdateAsync(PersonId actor, PostId id, Resource resource, CancellationToken cancellationToken = default)
        {
            Told = Answers ? resource : throw new HttpRequestException("No reply.");
            return Task.FromResult<SharedPost?>(_post);
        }

        public Task<SharedPost?> FindAsync(PersonId? actor, PostId id, CancellationToken cancellationToken = default) =>
            Answers ? Task.FromResult<SharedPost?>(_post) : throw new HttpRequestException("No reply.");

        public Task<PostPage> ListAsync(PersonId actor, string? cursor = null, int count = 20, CancellationToken cancellationToken = default) =>
            Task.FromResult(new PostPage([], null));

        public Task<bool> WithdrawAsync(PersonId actor, PostId id, CancellationToken cancellationToken = default) => Task.FromResult(false);
    }
}
