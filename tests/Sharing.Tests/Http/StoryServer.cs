using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sharing.Tests.Content;
using Sharing.Tests.Fetching;
using Sharing.Tests.Laws;
using Sharing.Trials.Restart;

namespace Sharing.Tests.Http;

/// <summary>The server sample as a process of its own, with both roles; people speak with it by curl, or by the command line. Anna and Dora are Ben's friends,
/// and Carl follows Ben. Two further networks can be connected: one takes nobody's token, the other never answers.</summary>
public sealed class StoryServer : IAsyncLifetime
{
    public const string Refusing = "refusing";
    public const string Hanging = "hanging";

    static readonly string[] People = ["anna", "ben", "carl", "dora"];

    readonly TemporaryFolder _folder = new();
    string[] _settings = [];
    int _workers;
    LoopbackServer _networks = null!;
    ServerChild _server = null!;

    public Uri Address => _server.Address;

    /// <summary>What it keeps of contents, in bytes.</summary>
    public long ContentBytes =>
        new DirectoryInfo(_folder.Join("data", "content")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Exists ? file.Length : 0);

    /// <summary>The file of a content of that length.</summary>
    public string FileOf(long length) =>
        new DirectoryInfo(_folder.Join("data", "content")).EnumerateFiles("*", SearchOption.AllDirectories).Single(file => file.Length == length).FullName;

    /// <summary>The process.</summary>
    public int ProcessId => _server.Id;

    /// <summary>How often one of the further networks was asked.</summary>
    public int Asked(string network) => _networks.Requests.Count(request => request.Path.StartsWith($"/{network}/", StringComparison.Ordinal));

    /// <summary>Starts one with further settings.</summary>
    internal static Task<StoryServer> StartAsync(params string[] settings) => StartAsync(workers: 0, settings);

    /// <summary>Starts one whose pool has that many threads.</summary>
    internal static async Task<StoryServer> StartAsync(int workers, params string[] settings)
    {
        var server = new StoryServer { _settings = settings, _workers = workers };
        await server.InitializeAsync();
        return server;
    }

    public async ValueTask InitializeAsync()
    {
        _networks = await LoopbackServer.StartAsync(AnswerAsync);
        _server = new(Repository.Sample("Server", "Server.dll"), _folder.Join("data"),
        [
            .. RestartWitness.People("People", People), "--Sharing:ConfiguredHosts:0=127.0.0.1", "--Sharing:PublishTimeout=01:00:00",
            $"--Sharing:Networks:{Refusing}={_networks.Address}/{Refusing}/", $"--Sharing:Networks:{Hanging}={_networks.Address}/{Hanging}/", .. _settings,
        ])
        {
            Workers = _workers,
        };
        await _server.StartAsync(TestContext.Current.CancellationToken);
        foreach (var (person, other) in new[] { ("anna", "ben"), ("ben", "anna"), ("dora", "ben"), ("ben", "dora") })
        {
            await AskAsync(person, "PUT", $"v1/relationships/{other}/friend", 204);
        }

        await AskAsync("carl", "PUT", "v1/relationships/ben/follow", 204);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _networks.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Asks as somebody, with curl; what is answered is JSON, or nothing.</summary>
    public async Task<JsonNode> AskAsync(string person, string method, string path, int status = 200, JsonNode? body = null, string? key = null)
    {
        try
        {
            var answer = await Curl.RunAsync(
                body is null ? null : Encoding.UTF8.GetBytes(body.ToJsonString()),
                [
                    "-X", method, "-H", $"Authorization: Bearer {RestartWitness.TokenOf(person)}", "-H", "Content-Type: application/json",
                    .. key is null ? [] : (string[])["-H", $"Idempotency-Key: {key}"], Address + path,
                ]);
            Assert.True(answer.Status == status, $"{method} {path}: {answer.Status} {answer.Body}");
            return answer.Body.Length == 0 ? new JsonObject() : JsonNode.Parse(answer.Body)!;
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{method} {path}: {e.Message} Its threads:\n{await _server.StacksAsync()}", e);
        }
    }

    /// <summary>Shares with curl.</summary>
    public Task<JsonNode> ShareAsync(string person, Uri address, string audience, string name = "film.bin", string? key = null) => AskAsync(
        person, "POST", "v1/posts", 201,
        new JsonObject { ["resource"] = new JsonObject { ["address"] = address.ToString(), ["name"] = name }, ["audience"] = new JsonObject { ["kind"] = audience } }, key);

    /// <summary>What somebody's feed has from an address, as curl reads it.</summary>
    public async Task<IReadOnlyList<JsonNode>> FeedAsync(string person, Uri address) =>
        [.. (await AskAsync(person, "GET", "v1/feed?count=100"))["posts"]!.AsArray().Where(post => (string)post!["resource"]!["address"]! == address.ToString())!];

    /// <summary>Waits until somebody's feed has one thing from an address, and it is as expected.</summary>
    public async Task<JsonNode> SeenAsync(string person, Uri address, Func<JsonNode, bool>? expected = null)
    {
        JsonNode seen = null!;
        await ServerUnderTest.EventuallyAsync(async () =>
            await FeedAsync(person, address) is [var one] && (expected?.Invoke(one) ?? true) && (seen = one) is not null);
        return seen;
    }

    /// <summary>Waits until the library has what a post is about.</summary>
    public Task StoredAsync(string person, JsonNode post) =>
        ServerUnderTest.EventuallyAsync(async () => (string?)(await AskAsync(person, "GET", $"v1/posts/{(string)post["id"]!}"))["library"] == "stored");

    /// <summary>Somebody's command line, with a data folder of its own.</summary>
    internal TerminalChild TerminalOf(string person, string name) =>
        new(Repository.Sample("Terminal", "sharing.dll"), _folder.Join(string.Create(CultureInfo.InvariantCulture, $"{person}-{name}")), person, Address, Address);

    static Task AnswerAsync(HttpContext context) => context.Request.Path.StartsWithSegments("/" + Hanging)
        ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
        : Results.Json(new { type = "urn:sharing:problem:sign-in-required", status = 401 }, contentType: "application/problem+json", statusCode: 401)
            .ExecuteAsync(context);
}
