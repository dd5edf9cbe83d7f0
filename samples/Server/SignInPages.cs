using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using Sharing.AspNetCore;

namespace Sharing.Server;

/// <summary>Signing in and out: a token for a cookie. This is the host's part; a product has its own.</summary>
static class SignInPages
{
    const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;
    const string TokenClaim = "token";

    public static void Map(WebApplication app)
    {
        app.MapGet("/sign-in", (HttpContext context, string? returnUrl) => Form(context, returnUrl, null)).ExcludeFromDescription();
        app.MapPost("/sign-in", SignInAsync).ExcludeFromDescription();
        app.MapPost("/sign-out", SignOutAsync).ExcludeFromDescription();
    }

    /// <summary>Ends a session whose person, or whose token, is no longer in the configuration.</summary>
    public static async Task CheckAsync(CookieValidatePrincipalContext context)
    {
        if (context.Principal?.HasClaim(static claim => claim.Type == Sessions.SecretClaim) == true)
        {
            await CheckMemberAsync(context);
            return;
        }

        var server = context.HttpContext.RequestServices.GetRequiredService<IOptionsMonitor<ServerOptions>>().CurrentValue;
        var (id, token) = (context.Principal?.FindFirstValue(ClaimTypes.NameIdentifier), context.Principal?.FindFirstValue(TokenClaim));
        if (token is null || !server.People.Any(person => person.Id == id && MarkOf(person.TokenSha256) == token))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(Scheme);
        }
    }

    /// <summary>A member's session is looked up at each request: the cookie alone proves nothing.</summary>
    static async Task CheckMemberAsync(CookieValidatePrincipalContext context)
    {
        if (context.HttpContext.RequestServices.GetService<Sessions>() is { } sessions && await sessions.CheckAsync(context.Principal!, context.HttpContext.RequestAborted) is { } now)
        {
            context.ReplacePrincipal(now);
            return;
        }

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(Scheme);
    }

    static async Task<IResult> SignInAsync(HttpContext context, IAntiforgery antiforgery, IOptionsMonitor<ServerOptions> server)
    {
        if (!await IsOursAsync(antiforgery, context))
        {
            return Form(context, null, "That form was open for very long. Please try again.");
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (token, returnUrl) = (((string?)form["token"] ?? "").Trim(), (string?)form["returnUrl"]);
        if (TokenHandler.PrincipalOf(server.CurrentValue, token, Scheme) is not { Identity: ClaimsIdentity identity }
            || !identity.HasClaim(claim => claim.Type == ClaimTypes.NameIdentifier))
        {
            return Form(context, returnUrl, "No person has this token. Please check that you copied all of it.");
        }

        await (context.RequestServices.GetService<Sessions>()?.EndAsync(context) ?? Task.CompletedTask); // whoever was signed in here before
        identity.AddClaim(new(TokenClaim, MarkOf(Tokens.HashOf(token))));
        await context.SignInAsync(Scheme, new ClaimsPrincipal(identity), new AuthenticationProperties { IsPersistent = true });
        return Results.LocalRedirect(LocalOr(context, returnUrl));
    }

    static async Task<IResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery)
    {
        if (await IsOursAsync(antiforgery, context))
        {
            await (context.RequestServices.GetService<Sessions>()?.EndAsync(context) ?? Task.CompletedTask);
            await context.SignOutAsync(Scheme);
        }

        return Results.LocalRedirect(LocalOr(context, null));
    }

    /// <summary>Whether a form is one of ours; one that cannot be read, or is too large to be, is not.</summary>
    public static async Task<bool> IsOursAsync(IAntiforgery antiforgery, HttpContext context)
    {
        try
        {
            return await antiforgery.IsRequestValidAsync(context);
        }
        catch (AntiforgeryValidationException)
        {
            return false;
        }
    }

    static IResult Form(HttpContext context, string? returnUrl, string? error)
    {
        Html wrong = error is null ? Html.None : $"""<p class="notice bad" role="alert" id="wrong">{error}</p>""";
        Html invalid = error is null ? Html.None : $"""aria-invalid="true" aria-describedby="wrong" """;
        var hasMembers = context.RequestServices.GetService<MemberOutbox>() is not null;
        Html focus = hasMembers ? Html.None : $"autofocus";
        Html byToken = $"""
            <form class="stack" method="post" action="{context.Request.PathBase.ToUriComponent()}/sign-in">{SharingPage.AntiforgeryField(context)}
            <input type="hidden" name="returnUrl" value="{LocalOr(context, returnUrl)}">
            <label for="token">Your token</label>
            <input id="token" name="token" type="password" autocomplete="current-password" required {focus} {invalid}>
            <p class="muted">Whoever runs this server gave it to you.</p>
            <button class="button">Sign in</button></form>
            """;
        return SharingPage.Result(
            context, "Sign in", $"""<section class="card plain"><h1>Sign in</h1>{wrong}{(hasMembers ? WithMembers(context, LocalOr(context, returnUrl), byToken, error is not null) : byToken)}</section>""", error is null ? 200 : 400);
    }

    /// <summary>By a code first, where this host can mail one; by a token for those who have one.</summary>
    static Html WithMembers(HttpContext context, string back, Html byToken, bool isOpen)
    {
        Html byCode = context.RequestServices.GetRequiredService<MemberOutbox>().IsThere ? CodePages.Ask(context, back) : $"""<p>Ask an administrator for a link to sign in.</p>""";
        Html open = isOpen ? (Html)$"open" : Html.None;
        return $"""{byCode}<details {open}><summary>With a token</summary>{byToken}</details>""";
    }

    /// <summary>Where to go on: only ever within this host.</summary>
    public static string LocalOr(HttpContext context, string? returnUrl) =>
        returnUrl is ['/', ..] and not ['/', '/' or '\\', ..] && !returnUrl.Any(char.IsControl)
            ? returnUrl
            : context.Request.PathBase.ToUriComponent() + "/";

    static string MarkOf(string tokenHash) => tokenHash.Length >= 16 ? tokenHash[..16] : tokenHash;
}
