using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sharing.Deployment;

namespace Sharing.Trials;

/// <summary>A real AT Protocol network: directory, personal data server, and, unless it is to do without, the app view (on PostgreSQL). One for all tests; each has accounts of its own.</summary>
sealed class AtProtoNetwork : IAsyncDisposable
{
    static int s_accounts;

    readonly HttpClient _http = new();
    PostgresServer? _postgres;
    NodeServer _server = null!;

    public Uri Address => new(_server.Said + "/");

    public static async Task<AtProtoNetwork> StartAsync(bool appView = true)
    {
        var network = new AtProtoNetwork();
        await network.BeginAsync(appView);
        return network;
    }

    async Task BeginAsync(bool appView)
    {
        if (!appView)
        {
            _server = await NodeServer.StartAsync("atproto.cjs", []);
            return;
        }

        _postgres = await PostgresServer.StartAsync();
        await _postgres.CreateDatabaseAsync("appview");
        _server = await NodeServer.StartAsync("atproto.cjs", [_postgres.ConnectionUri("appview")]);
    }

    /// <summary>A new account, with the password "secret".</summary>
    public async Task<string> AddAsync(string name)
    {
        var handle = string.Create(CultureInfo.InvariantCulture, $"{name}{Interlocked.Increment(ref s_accounts)}.test");
        using var answer = await _http.PostAsJsonAsync(new Uri(Address, "xrpc/com.atproto.server.createAccount"), new { handle, email = handle + "@example.org", password = "secret" });
        answer.EnsureSuccessStatusCode();
        return handle;
    }

    /// <summary>Has an account follow another; the app view knows a little later.</summary>
    public async Task FollowAsync(string follower, string followed)
    {
        var session = await CallAsync("com.atproto.server.createSession", new() { ["identifier"] = follower, ["password"] = "secret" }, null);
        var other = await _http.GetFromJsonAsync<JsonObject>(new Uri(Address, $"xrpc/com.atproto.identity.resolveHandle?handle={followed}"));
        var record = new JsonObject { ["subject"] = other!["did"]!.ToString(), ["createdAt"] = "2030-01-01T00:00:00.000Z" };
        await CallAsync("com.atproto.repo.createRecord", new() { ["repo"] = session["did"]!.ToString(), ["collection"] = "app.bsky.graph.follow", ["record"] = record }, session["accessJwt"]!.ToString());
    }

    async Task<JsonObject> CallAsync(string method, JsonObject body, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, "xrpc/" + method)) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        using var answer = await _http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    /// <summary>The records of a kind that an account has.</summary>
    public async Task<IReadOnlyList<JsonObject>> RecordsAsync(string handle, string type)
    {
        List<JsonObject> found = [];
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await _http.GetFromJsonAsync<JsonObject>(new Uri(Address, $"xrpc/com.atproto.repo.listRecords?repo={handle}&collection={type}&limit=100&cursor={cursor}")))!;
            found.AddRange(page["records"]!.AsArray().Select(static one => one!.AsObject()));
            cursor = page["cursor"]?.ToString();
        }

        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }

        _http.Dispose();
    }
}
