using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HikingClub;
using Sharing.Offline;

namespace Sharing.Tests.ExistingProduct;

[Trait("Row", "R4")]
public sealed class ClubTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_feed_of_any_length_by_any_number_of_friends_asks_the_products_database_the_same_number_of_questions()
    {
        await using var club = await Club.StartAsync();
        var members = club.Get<Members>();
        var reader = await club.SignInAsync("dev");
        await members.FollowAsync("dev", "anna", false);
        var (api, page) = (new List<long>(), new List<long>());
        var (posts, authors) = (0, 0);
        foreach (var (wantedPosts, wantedAuthors) in new[] { (5, 1), (50, 10), (500, 100) })
        {
            for (; authors < wantedAuthors; authors++)
            {
                await club.Get<ClubDatabase>().WriteAsync(
                    "INSERT INTO member (handle, name, password) VALUES ($handle, $name, '')", ("$handle", $"guide{authors}"), ("$name", $"Guide {authors}"));
                await members.BefriendAsync("dev", $"guide{authors}", true);
            }

            await club.PublishAsync(Enumerable.Range(posts, wantedPosts - posts).Select(i => ($"guide{i % authors}", Audience.Friends)));
            posts = wantedPosts;
            api.Add(await QuestionsAsync(club, async () => Assert.Equal(
                Math.Min(100, posts), (await FeedAsync(reader, "?count=100")).GetProperty("posts").GetArrayLength())));
            page.Add(await QuestionsAsync(club, async () => Assert.Contains("Guide ", await reader.GetStringAsync("share/"), StringComparison.Ordinal)));
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"questions: API {string.Join(", ", api)}; page {string.Join(", ", page)}");
        Assert.All(api, questions => Assert.Equal(api[0], questions));
        Assert.All(page, questions => Assert.Equal(page[0], questions));
        Assert.Equal(2, api[0]);
    }

    [Fact]
    public async Task A_feed_asks_no_more_where_most_of_it_is_not_for_the_reader()
    {
        await using var club = await Club.StartAsync();
        var reader = await club.SignInAsync("dev"); // follows Anna, and is nobody's friend
        await club.PublishAsync([("anna", Audience.Everyone)]);
        var few = await QuestionsAsync(club, async () => Assert.Equal(1, (await FeedAsync(reader)).GetProperty("posts").GetArrayLength()));
        await club.PublishAsync(Enumerable.Range(0, 400).Select(_ => ("anna", Audience.Friends)));
        var many = await QuestionsAsync(club, async () => Assert.Equal(1, (await FeedAsync(reader)).GetProperty("posts").GetArrayLength()));
        Assert.Equal(few, many);
    }

    [Fact]
    public async Task A_friendship_ended_in_the_products_own_table_counts_at_the_next_request()
    {
        await using var club = await Club.StartAsync();
        var (anna, ben) = (await club.SignInAsync("anna"), await club.SignInAsync("ben"));
        var shared = await Club.SubmitAsync(anna, "", "?handler=Share", ("tour", "1"));
        Assert.Equal(HttpStatusCode.Redirect, shared.StatusCode);
        var post = await PostAsync(ben);
        var (id, link) = (post.GetProperty("id").GetString(), post.GetProperty("link").GetString()!);
        Assert.Equal("Anna Berg", post.GetProperty("authorName").GetString());
        Assert.StartsWith(club.Address + "api/sharing/d/", link, StringComparison.Ordinal);
        Assert.StartsWith("<?xml", await ben.GetStringAsync(link), StringComparison.Ordinal);
        var thread = $"api/sharing/v1/network/posts/{id}";
        Assert.Equal(HttpStatusCode.OK, (await ben.GetAsync(thread, Cancel)).StatusCode);

        var ended = await Club.SubmitAsync(anna, "Members", "Members?handler=Friend", ("handle", "ben"), ("friends", "false"));
        Assert.Equal(HttpStatusCode.Redirect, ended.StatusCode);
        Assert.Equal(0, (await FeedAsync(ben)).GetProperty("posts").GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, (await ben.GetAsync(thread, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ben.GetAsync(link, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ben.GetAsync($"share/posts/{id}", Cancel)).StatusCode);
        Assert.StartsWith("<?xml", await anna.GetStringAsync(link), StringComparison.Ordinal);

        await club.Get<Members>().BefriendAsync("anna", "ben", true);
        Assert.StartsWith("<?xml", await ben.GetStringAsync(link), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_products_own_sign_in_decides_who_calls()
    {
        await using var club = await Club.StartAsync();
        var (visitor, anna) = (club.Visitor(), await club.SignInAsync("anna"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await visitor.GetAsync("api/sharing/v1/feed", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await visitor.PostAsJsonAsync("api/sharing/v1/posts", new { }, Cancel)).StatusCode);
        var forged = club.Visitor();
        forged.DefaultRequestHeaders.Authorization = new("Bearer", "anna");
        Assert.Equal(HttpStatusCode.Unauthorized, (await forged.GetAsync("api/sharing/v1/feed", Cancel)).StatusCode);

        var answer = await anna.PostAsJsonAsync(
            "api/sharing/v1/posts",
            new { resource = new { address = new Uri(club.Address, "tracks/1.gpx"), name = "Lake.gpx" }, audience = new { kind = "everyone" } }, Cancel);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var post = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal("anna", post.GetProperty("owner").GetString());
        Assert.StartsWith("<?xml", await visitor.GetStringAsync(post.GetProperty("link").GetString()), StringComparison.Ordinal);

        await Club.SubmitAsync(anna, "", "sign-out");
        Assert.Equal(HttpStatusCode.Unauthorized, (await anna.GetAsync("api/sharing/v1/feed", Cancel)).StatusCode);
    }

    [Fact]
    public async Task What_is_not_there_is_said_to_be_missing_although_the_roles_are_mapped_apart()
    {
        await using var club = await Club.StartAsync();
        var anna = await club.SignInAsync("anna");
        Assert.Equal(HttpStatusCode.NotFound, (await anna.GetAsync("api/sharing/v1/nothing", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await club.Visitor().GetAsync("api/sharing/v1/nothing", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Under_a_path_base_every_link_and_page_leads_through_it()
    {
        await using var club = await Club.StartAsync("/club");
        var (anna, ben) = (await club.SignInAsync("anna"), await club.SignInAsync("ben"));
        await Club.SubmitAsync(anna, "", "?handler=Share", ("tour", "1"));
        var post = await PostAsync(ben);
        Assert.StartsWith(club.Address + "api/sharing/d/", post.GetProperty("link").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("<?xml", await ben.GetStringAsync(post.GetProperty("link").GetString()), StringComparison.Ordinal);
        var feed = await ben.GetStringAsync("share/");
        Assert.Contains("Anna Berg", feed, StringComparison.Ordinal);
        foreach (var address in Addresses(feed))
        {
            Assert.StartsWith("/club/", address, StringComparison.Ordinal);
            if (!address.Contains("/sign-out", StringComparison.Ordinal) && !address.EndsWith("/reshare", StringComparison.Ordinal))
            {
                Assert.Equal(HttpStatusCode.OK, (await ben.GetAsync(address, Cancel)).StatusCode);
            }
        }

        var toSignIn = await club.Visitor().GetAsync("share/people", Cancel);
        Assert.Equal("/club/sign-in?returnUrl=%2Fclub%2Fshare%2Fpeople", toSignIn.Headers.Location!.ToString());
    }

    static IEnumerable<string> Addresses(string page) =>
        System.Text.RegularExpressions.Regex.Matches(page, " (?:href|src|action)=\"([^\"]+)\"").Select(m => WebUtility.HtmlDecode(m.Groups[1].Value))
            .Where(address => !address.StartsWith('#')).Distinct(StringComparer.Ordinal);

    static async Task<JsonElement> FeedAsync(HttpClient member, string query = "") =>
        await member.GetFromJsonAsync<JsonElement>("api/sharing/v1/feed" + query, Cancel);

    /// <summary>The one post in a member's feed, when it has come.</summary>
    static async Task<JsonElement> PostAsync(HttpClient member)
    {
        for (var tries = 0; tries < 200; tries++)
        {
            if ((await FeedAsync(member)).GetProperty("posts") is var posts && posts.GetArrayLength() > 0)
            {
                return posts[0];
            }

            await Task.Delay(50, Cancel);
        }

        throw new TimeoutException("The post did not come.");
    }

    static async Task<long> QuestionsAsync(Club club, Func<Task> request)
    {
        var before = club.Questions;
        await request();
        return club.Questions - before;
    }
}
