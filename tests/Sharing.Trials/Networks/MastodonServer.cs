using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Sharing.Testing;

namespace Sharing.Trials;

/// <summary>A server that speaks Mastodon's API as docs.joinmastodon.org has it, in memory: statuses with idempotency keys for an hour, media that take a while, replies, boosts, favourites, an
/// account's own posts page by page, who follows whom, the code flow with PKCE, and the limits (300 requests and 30 media in their windows) with their headers. There is no real one to be had for tests.</summary>
sealed partial class MastodonServer(TimeProvider time) : IAsyncDisposable
{
    const int MostCharacters = 500, LinkCharacters = 23;

    readonly Lock _lock = new();
    readonly Dictionary<string, string> _people = new(StringComparer.Ordinal); // by token
    readonly List<Status> _statuses = [];
    readonly Dictionary<string, (Status Status, DateTimeOffset At)> _keys = new(StringComparer.Ordinal);
    readonly List<(string Follower, string Followed)> _follows = [];
    readonly Dictionary<string, int> _media = new(StringComparer.Ordinal); // how often it is still not ready
    readonly Dictionary<string, (string Redirect, string Secret)> _apps = new(StringComparer.Ordinal);
    readonly Dictionary<string, (string Client, string Challenge, string Person)> _codes = new(StringComparer.Ordinal);
    readonly Dictionary<string, (DateTimeOffset End, int Used)> _windows = new(StringComparer.Ordinal);
    LoopbackServer _server = null!;
    int _next = 100_000_000;

    /// <summary>A post of the server.</summary>
    sealed class Status
    {
        public required string Id { get; init; }

        public required string Owner { get; init; }

        public required string Text { get; set; }

        public required string Visibility { get; init; }

        public required DateTimeOffset At { get; init; }

        public string? Reply { get; init; }

        public string[] Media { get; set; } = [];

        public HashSet<string> Boosts { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Likes { get; } = new(StringComparer.Ordinal);
    }

    /// <summary>Whether it knows of keys; there are servers that do not.</summary>
    public bool KnowsKeys { get; init; } = true;

    /// <summary>Requests that an account may make in five minutes.</summary>
    public int Limit { get; init; } = 300;

    public Uri Address => new(_server.Address + "/");

    /// <summary>How many requests have come, by method and path.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static async Task<MastodonServer> StartAsync(TimeProvider time, bool knowsKeys = true, int limit = 300)
    {
        var server = new MastodonServer(time) { KnowsKeys = knowsKeys, Limit = limit };
        server._server = await LoopbackServer.StartAsync(server.AnswerAsync);
        server.Add("anna");
        server.Add("ben");
        return server;
    }

    /// <summary>Adds somebody, with the token "token-NAME".</summary>
    public void Add(string name) => _people["token-" + name] = name;

    /// <summary>Has somebody follow an account: a name of this server, or "NAME@HOST"; of either, for who follows may be elsewhere, too.</summary>
    public void Follow(string follower, string followed)
    {
        lock (_lock)
        {
            _follows.Add((follower, followed));
        }
    }

    public void Revoke(string token) => _people.Remove(token);

    public IReadOnlyList<ShownPost> ShownBy(string name)
    {
        lock (_lock)
        {
            return [.. _statuses.Where(status => status.Owner == name && status.Reply is null).Select(static status => new ShownPost(status.Text))];
        }
    }

    public IReadOnlyList<(string Text, string Visibility, int Media)> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _statuses.Select(static status => (status.Text, status.Visibility, status.Media.Length))];
            }
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    async Task AnswerAsync(HttpContext context)
    {
        var (request, path) = (context.Request, context.Request.Path.Value!);
        Requests.Enqueue($"{request.Method} {path}");
        if (path is "/api/v1/apps" or "/oauth/token")
        {
            await SayAsync(context, path == "/oauth/token" ? Exchange(await BodyAsync(request)) : Register(await BodyAsync(request)));
            return;
        }

        if (path == "/oauth/authorize")
        {
            context.Response.Redirect(Authorize(request));
            return;
        }

        if (path is "/api/v1/instance" or "/api/v2/instance" or "/api/v1/instance/")
        {
            await SayAsync(context, (200, new JsonObject { ["version"] = "4.3.0", ["uri"] = Address.Authority, ["urls"] = new JsonObject() }));
            return;
        }

        var token = request.Headers.Authorization.ToString() is { Length: > 7 } header ? header[7..] : "";
        if (!_people.TryGetValue(token, out var person))
        {
            await SayAsync(context, (401, Error("The access token is invalid")));
            return;
        }

        if (!Passes(context, person, "api", Limit, TimeSpan.FromMinutes(5)) || (path.StartsWith("/api/v2/media", StringComparison.Ordinal) && !Passes(context, person, "media", 30, TimeSpan.FromMinutes(30))))
        {
            await SayAsync(context, (429, Error("Too many requests")));
            return;
        }

        var body = request.HasFormContentType || request.HasJsonContentType() ? await BodyAsync(request) : new();
        var answer = Answer(request, path.Trim('/').Split('/'), person, body);
        if (answer.Next is { } next)
        {
            context.Response.Headers.Link = $"<{new Uri(Address, next)}>; rel=\"next\", <{new Uri(Address, path)}?since_id=1>; rel=\"prev\"";
        }

        await SayAsync(context, (answer.Status, answer.Body));
    }

    /// <summary>A page of who follows an account, or whom it follows, the latest first; the next one is named in the Link header alone, by ids that are nobody's.</summary>
    (int Status, JsonNode Body, string? Next) Follows(string id, bool following, IQueryCollection query)
    {
        var all = _follows.Select(static (one, at) => (one.Follower, one.Followed, At: at)).Where(one => "1" + (following ? one.Follower : one.Followed) == id)
            .Where(one => !int.TryParse(query["max_id"], CultureInfo.InvariantCulture, out var before) || one.At < before).Reverse().ToList();
        var page = all.Take(int.TryParse(query["limit"], CultureInfo.InvariantCulture, out var limit) ? Math.Min(limit, 80) : 40).ToList();
        var next = page.Count < all.Count ? string.Create(CultureInfo.InvariantCulture, $"/api/v1/accounts/{id}/{(following ? "following" : "followers")}?limit={limit}&max_id={page[^1].At}") : null;
        return (200, new JsonArray([.. page.Select(one => (JsonNode)Account(following ? one.Followed : one.Follower))]), next);
    }

    (int Status, JsonNode Body, string? Next) Answer(HttpRequest request, string[] path, string person, JsonObject body)
    {
        lock (_lock)
        {
            if (request.Method == "GET" && path is ["api", "v1", "accounts", var whose, "following" or "followers"])
            {
                return Follows(whose, path[^1] == "following", request.Query);
            }

            var (status, said) = (request.Method, path) switch
            {
                ("GET", ["api", "v1", "accounts", "verify_credentials"]) => (200, Account(person)),
                ("GET", ["api", "v1", "accounts", var id, "statuses"]) => (200, Page(id, request.Query)),
                ("POST", ["api", "v2", "media"]) or ("POST", ["api", "v1", "media"]) => Upload(),
                ("GET", ["api", "v1", "media", var id]) => Media(id),
                ("POST", ["api", "v1", "statuses"]) => Post(person, body, request.Headers["Idempotency-Key"]),
                (_, ["api", "v1", "statuses", var id, .. var rest]) when _statuses.Find(one => one.Id == id) is { } known => OfStatus(request.Method, known, rest, person, body),
                _ => (404, Error("Record not found")),
            };
            return (status, said, null);
        }
    }

    (int Status, JsonNode Body) OfStatus(string method, Status status, string[] rest, string person, JsonObject body)
    {
        switch (method, rest)
        {
            case ("GET", []):
                return (200, Json(status));
            case ("PUT", []) when status.Owner == person:
                if (Fault(Text(body, "status")) is { } fault)
                {
                    return fault;
                }

                (status.Text, status.Media) = (Text(body, "status"), MediaOf(body));
                return (200, Json(status));
            case ("DELETE", []) when status.Owner == person:
                _statuses.Remove(status);
                return (200, Json(status));
            case ("GET", ["context"]):
                return (200, new JsonObject { ["ancestors"] = new JsonArray(), ["descendants"] = new JsonArray([.. _statuses.Where(one => one.Reply == status.Id).Select(one => (JsonNode)Json(one))]) });
            case ("POST", ["reblog"]):
                status.Boosts.Add(person);
                return (200, Json(status));
            case ("POST", ["favourite"]):
                status.Likes.Add(person);
                return (200, Json(status));
            case ("GET", ["reblogged_by"]):
                return (200, new JsonArray([.. status.Boosts.Select(one => (JsonNode)Account(one))]));
            case ("GET", ["favourited_by"]):
                return (200, new JsonArray([.. status.Likes.Select(one => (JsonNode)Account(one))]));
            default:
                return (404, Error("Record not found"));
        }
    }

    (int Status, JsonNode Body) Post(string person, JsonObject body, string? key)
    {
        var now = time.GetUtcNow();
        var known = $"{person} {key}";
        if (KnowsKeys && !string.IsNullOrEmpty(key) && _keys.TryGetValue(known, out var before) && now - before.At < TimeSpan.FromHours(1))
        {
            return (200, Json(before.Status));
        }

        if (Fault(Text(body, "status")) is { } fault)
        {
            return fault;
        }

        var status = new Status
        {
            Id = NextId(), Owner = person, Text = Text(body, "status"), Visibility = Text(body, "visibility") is { Length: > 0 } visibility ? visibility : "public", At = now,
            Reply = Text(body, "in_reply_to_id") is { Length: > 0 } reply ? reply : null, Media = MediaOf(body),
        };
        if (status.Media.Any(id => _media.GetValueOrDefault(id, 1) > 0))
        {
            return (422, Error("Cannot attach files that have not finished processing. Try again in a moment!"));
        }

        _statuses.Add(status);
        _keys[known] = (status, now);
        return (200, Json(status));
    }

    JsonArray Page(string id, IQueryCollection query)
    {
        var before = query["max_id"].ToString();
        var count = int.TryParse(query["limit"], CultureInfo.InvariantCulture, out var limit) ? Math.Min(limit, 40) : 20;
        return new([.. _statuses.Where(one => "1" + one.Owner == id && (before.Length == 0 || string.CompareOrdinal(one.Id, before) < 0)).Reverse().Take(count).Select(one => (JsonNode)Json(one))]);
    }

    (int Status, JsonNode Body) Upload()
    {
        var id = NextId();
        _media[id] = 2;
        return (202, new JsonObject { ["id"] = id, ["type"] = "image", ["url"] = null });
    }

    (int Status, JsonNode Body) Media(string id)
    {
        if (!_media.TryGetValue(id, out var left))
        {
            return (404, Error("Record not found"));
        }

        _media[id] = Math.Max(0, left - 1);
        return (_media[id] > 0 ? 206 : 200, new JsonObject { ["id"] = id, ["type"] = "image", ["url"] = _media[id] > 0 ? null : $"{Address}media/{id}.png" });
    }

    bool Passes(HttpContext context, string person, string kind, int limit, TimeSpan window)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var (end, used) = _windows.TryGetValue($"{person} {kind}", out var known) && known.End > now ? known : (now + window, 0);
            _windows[$"{person} {kind}"] = (end, used + 1);
            context.Response.Headers["X-RateLimit-Limit"] = limit.ToString(CultureInfo.InvariantCulture);
            context.Response.Headers["X-RateLimit-Remaining"] = Math.Max(0, limit - used - 1).ToString(CultureInfo.InvariantCulture);
            context.Response.Headers["X-RateLimit-Reset"] = end.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
            return used < limit;
        }
    }

    (int Status, JsonNode Body) Register(JsonObject body)
    {
        var (id, secret) = (NextId(), Guid.NewGuid().ToString("N"));
        _apps[id] = (Text(body, "redirect_uris"), secret);
        return (200, new JsonObject { ["client_id"] = id, ["client_secret"] = secret, ["name"] = Text(body, "client_name") });
    }

    /// <summary>What the server's page does once its visitor, who is Anna, has agreed.</summary>
    string Authorize(HttpRequest request)
    {
        var code = Guid.NewGuid().ToString("N");
        _codes[code] = (request.Query["client_id"]!, request.Query["code_challenge"]!, "anna");
        return $"{request.Query["redirect_uri"]}?code={code}&state={request.Query["state"]}";
    }

    (int Status, JsonNode Body) Exchange(JsonObject body)
    {
        var challenge = Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(Text(body, "code_verifier")))).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        if (!_codes.Remove(Text(body, "code"), out var code) || code.Client != Text(body, "client_id") || _apps[code.Client].Secret != Text(body, "client_secret")
            || _apps[code.Client].Redirect != Text(body, "redirect_uri") || code.Challenge != challenge)
        {
            return (400, new JsonObject { ["error"] = "invalid_grant", ["error_description"] = "The provided authorization grant is invalid" });
        }

        return (200, new JsonObject { ["access_token"] = "token-" + code.Person, ["token_type"] = "Bearer", ["scope"] = Text(body, "scope") });
    }

    (int Status, JsonNode Body)? Fault(string text)
    {
        var counted = LinkPattern().Replace(text, new string('x', LinkCharacters));
        return text.Length == 0 ? (422, Error("Validation failed: Text can't be blank"))
            : new StringInfo(counted).LengthInTextElements > MostCharacters ? (422, Error($"Validation failed: Text character limit of {MostCharacters} exceeded")) : null;
    }

    JsonObject Json(Status status) => new()
    {
        ["id"] = status.Id, ["url"] = $"{Address}@{status.Owner}/{status.Id}", ["uri"] = $"{Address}users/{status.Owner}/statuses/{status.Id}", ["visibility"] = status.Visibility,
        ["created_at"] = status.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), ["content"] = Html(status.Text), ["in_reply_to_id"] = status.Reply,
        ["account"] = Account(status.Owner), ["media_attachments"] = new JsonArray([.. status.Media.Select(static id => (JsonNode)new JsonObject { ["id"] = id })]),
    };

    JsonObject Account(string person) => new()
    {
        ["id"] = "1" + person, ["username"] = person.Split('@')[0], ["acct"] = person, ["display_name"] = "",
        ["url"] = person.Split('@') is [var name, var host] ? $"https://{host}/@{name}" : $"{Address}@{person}",
    };

    /// <summary>As Mastodon makes it: paragraphs, and links whose beginning and end are hidden from sight.</summary>
    static string Html(string text) => string.Concat(text.Split("\n\n").Select(static paragraph => "<p>" + LinkPattern().Replace(WebUtility.HtmlEncode(paragraph), static link =>
    {
        var shown = link.Value[(link.Value.IndexOf("//", StringComparison.Ordinal) + 2)..];
        var cut = Math.Min(30, shown.Length);
        return $"<a href=\"{link.Value}\" target=\"_blank\" rel=\"nofollow noopener\"><span class=\"invisible\">https://</span><span class=\"ellipsis\">{shown[..cut]}</span><span class=\"invisible\">{shown[cut..]}</span></a>";
    }).Replace("\n", "<br />", StringComparison.Ordinal) + "</p>"));

    string NextId() => Interlocked.Increment(ref _next).ToString(CultureInfo.InvariantCulture);

    static string[] MediaOf(JsonObject body) => body["media_ids"] is JsonArray ids ? [.. ids.Select(static id => id!.ToString())] : [];

    static string Text(JsonObject body, string name) => body[name]?.ToString() ?? "";

    static JsonObject Error(string text) => new() { ["error"] = text };

    /// <summary>JSON, or a form, as clients like.</summary>
    static async Task<JsonObject> BodyAsync(HttpRequest request)
    {
        if (!request.HasFormContentType)
        {
            return (JsonObject)(await JsonNode.ParseAsync(request.Body))!;
        }

        var body = new JsonObject();
        foreach (var (name, value) in await request.ReadFormAsync())
        {
            body[name.Replace("[]", "", StringComparison.Ordinal)] = name.EndsWith("[]", StringComparison.Ordinal) ? new JsonArray([.. value.Select(static one => (JsonNode)one!)]) : value.ToString();
        }

        return body;
    }

    static async Task SayAsync(HttpContext context, (int Status, JsonNode Body) answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(answer.Body.ToJsonString());
    }

    [GeneratedRegex(@"https?://[^\s<]+", RegexOptions.None, 1000)]
    private static partial Regex LinkPattern();
}
