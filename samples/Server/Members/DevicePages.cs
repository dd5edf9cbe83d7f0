using System.Globalization;
using Sharing.AspNetCore;

namespace Sharing.Server;

/// <summary>Where a member is signed in, and his tokens: each can be ended at once. A token does none of this.</summary>
static class DevicePages
{
    static readonly int[] s_days = [30, 90, 365];

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/me/devices", static (HttpContext context, Sessions sessions, OwnTokens tokens, string? done) => ShowAsync(context, sessions, tokens, done is null ? Html.None : MemberHtml.Done("Done.")));
        group.MapPost("/me/devices/name", NameAsync);
        group.MapPost("/me/devices/end", EndAsync);
        group.MapPost("/me/devices/others", OthersAsync);
        group.MapPost("/me/devices/token", MakeAsync);
        group.MapPost("/me/devices/token-end", EndTokenAsync);
    }

    /// <summary>Lets members in who have signed in by themselves: whoever has not is led there, a token is refused, and people of the configuration have no such page.</summary>
    public static async ValueTask<object?> MembersAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        return http.Person() is not null ? await next(context)
            : http.User.Identity?.IsAuthenticated != true ? Results.LocalRedirect(http.At($"/sign-in?returnUrl={Uri.EscapeDataString(http.At("/me/devices"))}"))
            : http.User.HasClaim(static claim => claim.Type == OwnTokens.Claim) ? OwnTokens.Refusal("A token makes and ends no tokens: sign in.")
            : Results.NotFound();
    }

    static async Task<IResult> NameAsync(HttpContext context, Sessions sessions)
    {
        var form = await context.FormAsync();
        if (Member.NameOf(form("label")) is { } label)
        {
            await sessions.NameAsync(context.Person()!.Value, form("session"), label, context.RequestAborted);
        }

        return Back(context);
    }

    static async Task<IResult> EndAsync(HttpContext context, Sessions sessions)
    {
        var form = await context.FormAsync();
        await sessions.EndAsync(context.Person()!.Value, form("session"), context.RequestAborted);
        return Back(context);
    }

    static async Task<IResult> OthersAsync(HttpContext context, Sessions sessions)
    {
        await sessions.EndAllAsync(context.Person()!.Value, Here(context), context.RequestAborted);
        return Back(context);
    }

    static async Task<IResult> EndTokenAsync(HttpContext context, OwnTokens tokens)
    {
        var form = await context.FormAsync();
        await tokens.EndAsync(context.Person()!.Value, form("token"), context.RequestAborted);
        return Back(context);
    }

    static async Task<IResult> MakeAsync(HttpContext context, Sessions sessions, OwnTokens tokens)
    {
        var form = await context.FormAsync();
        if (Member.NameOf(form("name")) is not { } name || form("rights") is not (OwnTokens.Read or OwnTokens.All) || !int.TryParse(form("days"), NumberStyles.None, CultureInfo.InvariantCulture, out var days) || !s_days.Contains(days))
        {
            return await ShowAsync(context, sessions, tokens, MemberHtml.Error("A token has a name on one line, rights and an end."), 400);
        }

        return await tokens.MakeAsync(context.Person()!.Value, name, form("rights"), TimeSpan.FromDays(days), context.RequestAborted) is { } token
            ? await ShowAsync(context, sessions, tokens, MemberHtml.Once("Token", token, "Copy it now: it is not shown again. Scripts send it as 'Authorization: Bearer'."))
            : Back(context);
    }

    static async Task<IResult> ShowAsync(HttpContext context, Sessions sessions, OwnTokens tokens, Html said, int status = 200)
    {
        var person = context.Person()!.Value;
        var devices = await sessions.ListAsync(person, context.RequestAborted).OrderByDescending(static one => one.Value.Seen).ToListAsync(context.RequestAborted);
        var own = await tokens.ListAsync(person, context.RequestAborted).OrderBy(static one => one.Value.Ends).ToListAsync(context.RequestAborted);
        Html others = devices.Count < 2 ? Html.None : (Html)$"""<form method="post" action="{context.At("/me/devices/others")}">{SharingPage.AntiforgeryField(context)}<button class="button danger">Sign out everywhere else</button></form>""";
        Html have = own.Count == 0 ? Html.None : (Html)$"""<ul class="people">{Html.Each(own, token => Token(context, token.Key.Part(0), token.Value))}</ul>""";
        return SharingPage.Result(
            context, "Your devices",
            $"""
            <h1>Your devices</h1>{said}
            <section class="card" aria-labelledby="sessions"><h2 id="sessions">Where you are signed in</h2><ul class="people">{Html.Each(devices, device => Device(context, device.Key.Part(0), device.Value))}</ul>{others}</section>
            <section class="card" aria-labelledby="tokens"><h2 id="tokens">Tokens for scripts</h2>{have}
            <form class="stack" method="post" action="{context.At("/me/devices/token")}">{SharingPage.AntiforgeryField(context)}
            <label for="name">What it is for</label><input id="name" name="name" autocomplete="off" maxlength="100" required>
            <fieldset><legend>What it may</legend><label class="choice"><input type="radio" name="rights" value="{OwnTokens.Read}" checked><span>Look only</span></label><label class="choice"><input type="radio" name="rights" value="{OwnTokens.All}"><span>All that you may</span></label></fieldset>
            <label for="days">How long it is good</label><select id="days" name="days">{Html.Each(s_days, static days => $"""<option value="{days}">{days} days</option>""")}</select>
            <button class="button">Make a token</button></form></section>
            """,
            status);
    }

    static Html Device(HttpContext context, string hash, StoredSession session)
    {
        Html here = hash == Here(context) ? (Html)$"""<span class="pill good">This one</span>""" : Html.None;
        return $"""
            <li><div><span class="line"><span class="author">{session.Label ?? session.Device}</span>{here}</span><span class="facts">{session.Device}, since {MemberHtml.Day(session.Since)}, last here on {MemberHtml.Day(session.Seen)}</span>
            <details><summary>Name it<span class="hidden"> ({session.Label ?? session.Device})</span></summary><form class="stack" method="post" action="{context.At("/me/devices/name")}">{SharingPage.AntiforgeryField(context)}<input type="hidden" name="session" value="{hash}">
            <label for="label-{hash[..8]}">What you call it</label><input id="label-{hash[..8]}" name="label" autocomplete="off" maxlength="100" value="{session.Label}" required><button class="button quiet">Save</button></form></details></div>
            <form method="post" action="{context.At("/me/devices/end")}">{SharingPage.AntiforgeryField(context)}<input type="hidden" name="session" value="{hash}"><button class="button quiet">Sign out<span class="hidden"> {session.Label ?? session.Device}</span></button></form></li>
            """;
    }

    static Html Token(HttpContext context, string hash, StoredToken token) => $"""
        <li><div><span class="author">{token.Name}</span><span class="facts">{(token.Rights == OwnTokens.Read ? "Looks only" : "All that you may")}, until {MemberHtml.Day(token.Ends)}</span></div>
        <form method="post" action="{context.At("/me/devices/token-end")}">{SharingPage.AntiforgeryField(context)}<input type="hidden" name="token" value="{hash}"><button class="button quiet">End<span class="hidden"> {token.Name}</span></button></form></li>
        """;

    static string? Here(HttpContext context) => context.User.FindFirst(Sessions.Claim)?.Value;

    static IResult Back(HttpContext context) => Results.LocalRedirect(context.At("/me/devices?done=1"));
}
