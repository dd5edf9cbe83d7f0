using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Sharing.Core;

namespace Sharing.Server;

/// <summary>Browsers in which members have signed in. The cookie holds a secret, and whose it is; everything else is looked up at each request, so that whatever ends does so at once. Thread-safe singleton.</summary>
sealed class Sessions(IRecordStore records, TimeProvider time) : OwnedSecrets<StoredSession>(records, "session", MemberJson.Default.StoredSession)
{
    /// <summary>The claim that names the session by its hash, while a request is answered.</summary>
    public const string Claim = "session";

    /// <summary>The claim in the cookie.</summary>
    public const string SecretClaim = "session-secret";

    /// <summary>How many somebody has at most: those that rest longest give way.</summary>
    public const int Most = 50;

    const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;
    const int MostAgent = 1000;

    static readonly TimeSpan s_idle = TimeSpan.FromDays(30);

    readonly IRecordStore _records = records;

    static readonly (string Mark, string Name)[] s_browsers = [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("Chrome/", "Chrome"), ("CriOS/", "Chrome"), ("Safari/", "Safari")];
    static readonly (string Mark, string Name)[] s_systems = [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    /// <summary>Signs a member in: always by a new session. What the browser had before is ended.</summary>
    /// <returns>Whether he may.</returns>
    public async Task<bool> SignInAsync(HttpContext context, Member member)
    {
        await EndAsync(context);
        var now = time.GetUtcNow();
        if (await AddAsync(new(member.Id, now, ToHour(now), DeviceOf(context.Request.Headers.UserAgent.ToString())), context.RequestAborted) is not { } secret)
        {
            return false;
        }

        await _records.DeleteAllAsync(ListAsync(member.Id, context.RequestAborted).OrderByDescending(static one => one.Value.Seen).ThenByDescending(static one => one.Version).Skip(Most).Select(static one => one.Key), context.RequestAborted);
        await context.SignInAsync(
            Scheme, new ClaimsPrincipal(new ClaimsIdentity([new(SecretClaim, secret), new(ClaimTypes.NameIdentifier, member.Id.Value)], Scheme)),
            new AuthenticationProperties { IsPersistent = true, IssuedUtc = now, ExpiresUtc = now + s_idle });
        return true;
    }

    /// <summary>Ends the session of a request, if it has one.</summary>
    public async Task EndAsync(HttpContext context)
    {
        if (context.User.FindFirstValue(Claim) is { } hash && PersonId.TryParse(context.User.FindFirstValue(ClaimTypes.NameIdentifier), out var person))
        {
            await EndAsync(person, hash, context.RequestAborted);
        }
    }

    /// <summary>Whom a cookie signs in now; <c>null</c>: nobody any more.</summary>
    public async Task<ClaimsPrincipal?> CheckAsync(ClaimsPrincipal cookie, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (cookie.FindFirstValue(SecretClaim) is not { } secret || !PersonId.TryParse(cookie.FindFirstValue(ClaimTypes.NameIdentifier), out var person)
            || await FindAsync(person, Tokens.HashOf(secret), cancellationToken) is not (var found, var member) || IsOver(found.Value, now))
        {
            return null;
        }

        if (found.Value.Seen < ToHour(now))
        {
            await _records.CommitAsync(new RecordBatch().Put(found.Key, found.Value with { Seen = ToHour(now) }, MemberJson.Default.StoredSession, found.Version), cancellationToken);
        }

        return new(new ClaimsIdentity(
            [new(ClaimTypes.NameIdentifier, person.Value), new(ClaimTypes.Name, member.Name), new(ClaimTypes.Role, member.Role), new(Claim, found.Key.Part(0))], Scheme));
    }

    /// <summary>Calls one of somebody's sessions something.</summary>
    public Task NameAsync(PersonId person, string hash, string label, CancellationToken cancellationToken) => _records.ChangeAsync(
        async batch =>
        {
            if (hash.Length == 0 || await _records.GetAsync(KeyOf(hash), MemberJson.Default.StoredSession, cancellationToken) is not { } found || found.Value.Person != person)
            {
                return false;
            }

            batch.Put(found.Key, found.Value with { Label = label }, MemberJson.Default.StoredSession, found.Version);
            return true;
        },
        cancellationToken);

    public Task SweepAsync(Action<RecordBatch> guard, CancellationToken cancellationToken) => SweepAsync(session => IsOver(session, time.GetUtcNow()), guard, cancellationToken);

    /// <summary>What a browser calls itself, in three words.</summary>
    public static string DeviceOf(string agent)
    {
        var start = agent.Length > MostAgent ? agent[..MostAgent] : agent;
        string? Named((string Mark, string Name)[] known) => known.FirstOrDefault(one => start.Contains(one.Mark, StringComparison.Ordinal)).Name;
        return $"{Named(s_browsers) ?? "A program"} on {Named(s_systems) ?? "some device"}";
    }

    static bool IsOver(StoredSession session, DateTimeOffset now) => session.Seen + s_idle < now;

    static DateTimeOffset ToHour(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerHour));
}
