using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using HikingClub;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Offline;
using Sharing.Tests.Content;

namespace Sharing.Tests.ExistingProduct;

/// <summary>The hiking club of samples/ExistingProduct in this process, over real HTTP.</summary>
sealed partial class Club : IAsyncDisposable
{
    readonly TemporaryFolder _folder = new();
    WebApplication _app = null!;

    public Uri Address { get; private set; } = null!;

    /// <summary>The number of questions that its database was asked.</summary>
    public long Questions => Get<QueryCounter>().Count;

    public static async Task<Club> StartAsync(string pathBase = "")
    {
        var club = new Club();
        club.Address = new Uri($"http://127.0.0.1:{FreePort()}{pathBase}/");
        club._app = await ClubHost.BuildAsync(
            $"--urls={new Uri(club.Address, "/")}", $"--Club:Address={club.Address}", $"--Club:Data={club._folder.Path}", "--Logging:LogLevel:Default=None");
        await club._app.StartAsync(TestContext.Current.CancellationToken);
        return club;
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>A browser that is not signed in.</summary>
    public HttpClient Visitor() => new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = Address };

    /// <summary>A browser in which a member has signed in by the club's own form.</summary>
    public async Task<HttpClient> SignInAsync(string member)
    {
        var browser = Visitor();
        var answer = await SubmitAsync(browser, "sign-in", "sign-in", ("handle", member), ("password", member));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return browser;
    }

    /// <summary>Fills in a form of a page and sends it.</summary>
    public static async Task<HttpResponseMessage> SubmitAsync(HttpClient browser, string page, string action, params (string Name, string Value)[] fields)
    {
        var token = Antiforgery().Match(await browser.GetStringAsync(page));
        Assert.True(token.Success, $"{page} has no form.");
        var all = fields.Append(("__RequestVerificationToken", token.Groups[1].Value)).ToDictionary(field => field.Item1, field => field.Item2);
        return await browser.PostAsync(action, new FormUrlEncodedContent(all), TestContext.Current.CancellationToken);
    }

    /// <summary>Posts of some members, as the social network has them, oldest first.</summary>
    public async Task<IReadOnlyList<NetworkPost>> PublishAsync(IEnumerable<(string Author, Audience Audience)> posts)
    {
        var network = Get<ISocialNetwork>();
        return await Task.WhenAll(posts.Select((post, i) => network.PutAsync(PersonId.Parse(post.Author), new Post
        {
            Key = PostId.New().Value,
            Author = PersonId.Parse(post.Author),
            Text = $"tour {i}",
            Link = new Uri(Address, $"api/sharing/d/{PostId.New()}"),
            Resource = new Resource { Address = new Uri(Address, "tracks/1.gpx"), Name = "1.gpx" },
            Audience = post.Audience,
        })));
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("__RequestVerificationToken\"(?: type=\"hidden\")? value=\"([^\"]+)\"")]
    private static partial Regex Antiforgery();
}
