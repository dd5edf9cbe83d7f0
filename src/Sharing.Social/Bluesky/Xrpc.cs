using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Sharing.Social;

/// <summary>Calls AT Protocol servers (atproto.com/specs/xrpc) in the name of accounts. An account is signed in once and then refreshed; sessions are in memory alone. Thread-safe.</summary>
sealed class Xrpc(NetworkCaller caller, BlueskyOptions options)
{
    const int MostSessions = 10_000;

    readonly RateBudget _points = new(caller.Time, (options.PointsAnHour, TimeSpan.FromHours(1)), (options.PointsADay, TimeSpan.FromDays(1)));
    readonly RateBudget _logins = new(caller.Time, (30, TimeSpan.FromMinutes(5)), (300, TimeSpan.FromDays(1)));
    public TimeProvider Time => caller.Time;

    readonly ConcurrentDictionary<(PersonId Owner, string Account), Seat> _seats = new();

    /// <summary>Calls a procedure or asks a question; a session that has run out is renewed meanwhile.</summary>
    /// <param name="account">Whose session.</param>
    /// <param name="method">The method's name; for a question with its parameters.</param>
    /// <param name="content">What a procedure is called with, made anew for each try; <c>null</c>: it is a question.</param>
    /// <param name="points">What it costs.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<(NetworkAnswer Answer, BlueskySession? Session)> CallAsync(
        Account account, string method, Func<BlueskySession, HttpContent>? content, int points, CancellationToken cancellationToken)
    {
        BlueskySession? stale = null;
        for (var tries = 0; ; tries++)
        {
            var (session, trouble) = await SessionAsync(account, stale, byPassword: tries == 2, cancellationToken);
            if (session is null)
            {
                return (trouble!, null);
            }

            var answer = await SendAsync(session.Server, method, content?.Invoke(session), session.Access, (_points, session.Did), points, cancellationToken);
            if (!IsStale(answer) || tries == 2)
            {
                return (answer, session);
            }

            stale = session;
        }
    }

    /// <summary>Signs in anew.</summary>
    public async Task<(BlueskySession? Session, NetworkAnswer? Trouble)> SignInAsync(Account account, CancellationToken cancellationToken)
    {
        var (server, name) = (account.Server ?? options.Server, account.Name ?? "");
        var body = new JsonObject { ["identifier"] = name.TrimStart('@'), ["password"] = account.Token };
        var answer = await SendAsync(server, "com.atproto.server.createSession", Json(body), null, (_logins, $"{server.Authority} {name}"), 1, cancellationToken);
        return Read(answer, server) is { } session ? (session, null) : (null, answer);
    }

    /// <summary>Goes on with a session of an account that was just made.</summary>
    public void Keep(Account account, BlueskySession session) => SeatOf(account).Session ??= session;

    /// <summary>Whose sessions there are.</summary>
    public IEnumerable<PersonId> Owners => _seats.Keys.Select(static seat => seat.Owner);

    /// <summary>Forgets the sessions of a person.</summary>
    public void Forget(PersonId person)
    {
        foreach (var seat in _seats.Keys.Where(seat => seat.Owner == person))
        {
            _seats.TryRemove(seat, out _);
        }
    }

    public static HttpContent Json(JsonObject body) => new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");

    public static JsonObject? Object(NetworkAnswer answer)
    {
        try
        {
            return JsonNode.Parse(answer.Body) as JsonObject;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    public static string? ErrorOf(NetworkAnswer answer) => answer.IsSuccess ? null : Object(answer)?["error"] is JsonValue error && error.TryGetValue<string>(out var name) ? name : null;

    static bool IsStale(NetworkAnswer answer) => answer.Status is HttpStatusCode.Unauthorized || ErrorOf(answer) is "ExpiredToken" or "InvalidToken";

    async Task<(BlueskySession? Session, NetworkAnswer? Trouble)> SessionAsync(Account account, BlueskySession? stale, bool byPassword, CancellationToken cancellationToken)
    {
        var seat = SeatOf(account);
        await seat.Turn.WaitAsync(cancellationToken);
        try
        {
            if (seat.Session is { } current && current != stale)
            {
                return (current, null);
            }

            if (seat.Session is { } old && !byPassword)
            {
                var answer = await SendAsync(old.Server, "com.atproto.server.refreshSession", new ByteArrayContent([]), old.Refresh, null, 0, cancellationToken);
                if (Read(answer, old.Server) is { } renewed)
                {
                    seat.Session = renewed;
                    return (renewed, null);
                }

                if (!IsStale(answer) && answer.Trouble is not null)
                {
                    return (null, answer);
                }
            }

            var (session, trouble) = await SignInAsync(account, cancellationToken);
            seat.Session = session;
            return (session, trouble);
        }
        finally
        {
            seat.Turn.Release();
        }
    }

    Seat SeatOf(Account account)
    {
        if (_seats.Count > MostSessions)
        {
            _seats.Clear();
        }

        return _seats.GetOrAdd((account.Owner, $"{account.Server} {account.Name} {account.Token}"), static _ => new Seat());
    }

    Task<NetworkAnswer> SendAsync(Uri server, string method, HttpContent? content, string? token, (RateBudget Budget, string Account)? budget, int points, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(content is null ? HttpMethod.Get : HttpMethod.Post, new Uri(server, "xrpc/" + method)) { Content = content };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return caller.SendAsync(request, budget, points, cancellationToken);
    }

    /// <summary>A session as a server tells it; where the account's data are is in the document of its identity.</summary>
    static BlueskySession? Read(NetworkAnswer answer, Uri server)
    {
        if (!answer.IsSuccess || Object(answer) is not { } body || Text(body["did"]) is not { } did || Text(body["accessJwt"]) is not { } access || Text(body["refreshJwt"]) is not { } refresh)
        {
            return null;
        }

        var home = (body["didDoc"]?["service"] as JsonArray)?.FirstOrDefault(static one => Text(one?["id"])?.EndsWith("#atproto_pds", StringComparison.Ordinal) == true)?["serviceEndpoint"];
        return new(did, Text(body["handle"]) ?? did, access, refresh, WebAddress.Of(Text(home)) is { } address ? new Uri(address.GetLeftPart(UriPartial.Authority) + "/") : server);
    }

    internal static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    sealed class Seat
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public BlueskySession? Session { get; set; }
    }
}
