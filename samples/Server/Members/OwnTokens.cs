using System.Security.Claims;
using Sharing.Core;

namespace Sharing.Server;

/// <summary>Bearer tokens that members make for their scripts. None may make another, and none has a role. Thread-safe singleton.</summary>
sealed class OwnTokens(IRecordStore records, TimeProvider time) : OwnedSecrets<StoredToken>(records, "member-token", MemberJson.Default.StoredToken)
{
    /// <summary>What a token may: look alone, or all that its owner may.</summary>
    public const string Read = "read", All = "all";

    /// <summary>The claim that says what the token of a request may.</summary>
    public const string Claim = "token-rights";

    /// <summary>How many somebody may have.</summary>
    public const int Most = 50;

    readonly IRecordStore _records = records;

    /// <summary>Makes a token.</summary>
    /// <returns>The token, which is never shown again; <c>null</c>: the actor may have none.</returns>
    public async Task<string?> MakeAsync(PersonId actor, string name, string rights, TimeSpan life, CancellationToken cancellationToken) =>
        await ListAsync(actor, cancellationToken).CountAsync(cancellationToken) < Most
            ? await AddAsync(new(actor, name, rights, time.GetUtcNow(), time.GetUtcNow() + life), cancellationToken)
            : throw new SharingException(ProblemCodes.LimitReached, "You have very many tokens. End some first.");

    /// <summary>Whom a token signs in; <c>null</c>: nobody.</summary>
    public async Task<ClaimsPrincipal?> CheckAsync(string token, string scheme, CancellationToken cancellationToken)
    {
        var hash = Tokens.HashOf(token);
        return await _records.GetAsync(KeyOf(hash), MemberJson.Default.StoredToken, cancellationToken) is { Value: var kept } && kept.Ends > time.GetUtcNow()
            && await FindAsync(kept.Person, hash, cancellationToken) is (_, var member)
            ? new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, member.Id.Value), new(ClaimTypes.Name, member.Name), new(Claim, kept.Rights)], scheme))
            : null;
    }

    public Task SweepAsync(Action<RecordBatch> guard, CancellationToken cancellationToken) => SweepAsync(token => token.Ends <= time.GetUtcNow(), guard, cancellationToken);

    /// <summary>Stands before everything: a token that may look alone changes nothing. tus lets a request name another method than its own, so such a one is refused, too.</summary>
    public static Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        var (method, rights) = (context.Request.Method, context.User.FindFirstValue(Claim));
        var isSafe = (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method)) && context.Request.Headers["X-HTTP-Method-Override"].Count == 0;
        return rights is null or All || isSafe ? next(context) : Refusal("This token may only look.").ExecuteAsync(context);
    }

    /// <summary>That a token may not do something.</summary>
    public static IResult Refusal(string detail) => Results.Problem(detail, statusCode: 403, title: "That is not allowed.", type: "urn:sharing:problem:" + ProblemCodes.NotAllowed);
}
