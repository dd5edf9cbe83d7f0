using System.Text;
using System.Text.RegularExpressions;
using Sharing.Offline;
using Sharing.Tests.Content;

namespace Sharing.Tests.Http;

/// <summary>What pages of other sites can make a visitor's browser do: nothing with his cookie; with a token of their own, what the host's CORS policy lets them.</summary>
public sealed partial class OtherSitesTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>, IDisposable
{
    const string Share = """{"resource":{"address":"http://films.example/a.bin","name":"a.bin"},"audience":{"kind":"everyone"}}""";

    static readonly string Id = PostId.New().Value;

    readonly TemporaryFolder _folder = new();

    string Jar => _folder.Join("cookies");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_cookie_changes_nothing_from_a_page_of_another_site()
    {
        await SignInAsync();
        string[] cookie = ["-b", Jar];
        foreach (var site in new[] { "cross-site", "same-site", "nonsense" })
        {
            foreach (var (method, path) in new[] { ("POST", "v1/posts"), ("DELETE", $"v1/posts/{Id}"), ("PUT", "v1/relationships/Friend/follow"), ("POST", $"v1/network/posts/{Id}/reshares") })
            {
                var answer = await SendAsync(method, path, ["-H", $"Sec-Fetch-Site: {site}", .. cookie]);
                Assert.True(answer.Status == 403, $"{site} {method} {path}: {answer.Status}");
                ProblemAssert.IsProblem(answer.Body, 403, path, ProblemCodes.NotAllowed);
            }
        }

        Assert.Equal(403, (await SendAsync("POST", "v1/posts", ["-H", "Sec-Fetch-Site: same-origin", "-H", "Sec-Fetch-Site: cross-site", .. cookie])).Status);
        Assert.Equal(201, (await SendAsync("POST", "v1/posts", ["-H", "Sec-Fetch-Site: same-origin", .. cookie])).Status);
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    public async Task A_token_works_from_wherever_the_browser_was_let_send_it(string site) => Assert.Equal(
        201, (await SendAsync("POST", "v1/posts", ["-H", $"Sec-Fetch-Site: {site}", "-H", $"Authorization: Bearer {server.TokenOf(Actor.Owner)}"])).Status);

    [Fact]
    public async Task Each_answer_has_a_trace_id_of_its_own_in_a_header_and_not_in_the_body()
    {
        var (one, other) = (await SendAsync("GET", $"v1/posts/{Id}", []), await SendAsync("GET", $"v1/posts/{Id}", []));
        Assert.NotEmpty(one.Headers["Trace-Id"]);
        Assert.NotEqual(one.Headers["Trace-Id"], other.Headers["Trace-Id"]);
        Assert.Equal(one.Body, other.Body);
    }

    Task<(int Status, IReadOnlyDictionary<string, string> Headers, string Body)> SendAsync(string method, string path, string[] more) => Curl.RunAsync(
        method == "GET" ? null : Encoding.UTF8.GetBytes(Share), ["-X", method, "-H", "Content-Type: application/json", .. more, server.Address + path]);

    /// <summary>Signs the owner in as a browser does; the cookie is in the jar then.</summary>
    async Task SignInAsync()
    {
        var form = await Curl.RunAsync(null, ["-c", Jar, server.Address + "sign-in"]);
        var token = Antiforgery().Match(form.Body).Groups[1].Value;
        var done = await Curl.RunAsync(
            null, ["-b", Jar, "-c", Jar, "--data-urlencode", $"token={server.TokenOf(Actor.Owner)}", "--data-urlencode", $"__RequestVerificationToken={token}", server.Address + "sign-in"]);
        Assert.Equal(302, done.Status);
    }

    [GeneratedRegex("__RequestVerificationToken\"(?: type=\"hidden\")? value=\"([^\"]+)\"")]
    private static partial Regex Antiforgery();
}
