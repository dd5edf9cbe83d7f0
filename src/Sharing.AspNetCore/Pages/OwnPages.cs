using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Offline;

namespace Sharing.AspNetCore;

/// <summary>A person's own posts with their ledgers, and the networks where they go.</summary>
static class OwnPages
{
    const int PageSize = 20;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/me", ShowAsync).ExcludeFromDescription();
        group.MapPost("/me/withdraw", WithdrawAsync).ExcludeFromDescription();
        group.MapPost("/me/retry", RetryAsync).ExcludeFromDescription();
        group.MapPost("/me/connect", ConnectAsync).ExcludeFromDescription();
        group.MapPost("/me/disconnect", DisconnectAsync).ExcludeFromDescription();
    }

    static Task<IResult> ShowAsync(HttpContext context, IPosts posts, IAccounts accounts, string? cursor) =>
        PageAsync(context, posts, accounts, cursor, null);

    static async Task<IResult> WithdrawAsync(HttpContext context, IPosts posts)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        return PostId.TryParse(form["post"], out var id) && await posts.WithdrawAsync(context.SignedIn(), id, context.RequestAborted)
            ? new SeeOther(PagesSite.Page(context, "/me?done=withdrawn"))
            : ProblemPage.Result(context, ProblemCodes.NotFound, null);
    }

    static async Task<IResult> RetryAsync(HttpContext context, [FromServices] Outbox? outbox)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var network = (string?)form["network"] ?? "";
        if (outbox is null || !PostId.TryParse(form["post"], out var id))
        {
            return ProblemPage.Result(context, ProblemCodes.NotFound, null);
        }

        // No line that waits any more means that it went out meanwhile: the ledger on the page says so.
        var retried = await outbox.RetryAsync(context.SignedIn(), id, network, context.RequestAborted);
        return new SeeOther(PagesSite.Page(context, retried ? "/me?done=retried" : "/me"));
    }

    static async Task<IResult> ConnectAsync(HttpContext context, IPosts posts, IAccounts accounts)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var token = ((string?)form["token"] ?? "").Trim();
        if (token.Length == 0 && (await accounts.ListAsync(context.SignedIn(), context.RequestAborted)).Any(state => state.Network == (string?)form["network"] && state.NeedsToken))
        {
            return await PageAsync(context, posts, accounts, null, "Please paste the access token that the network gave you.");
        }

        try
        {
            var server = ((string?)form["server"] ?? "").Trim();
            var name = ((string?)form["name"] ?? "").Trim();
            if (server.Length > 0 && !server.Contains("://", StringComparison.Ordinal))
            {
                server = "https://" + server;
            }

            var login = new AccountToken(token, Uri.TryCreate(server, UriKind.Absolute, out var address) ? address : null, name.Length == 0 ? null : name);
            await accounts.ConnectAsync(context.SignedIn(), (string?)form["network"] ?? "", login, context.RequestAborted);
            return new SeeOther(PagesSite.Page(context, "/me?done=connected"));
        }
        catch (SharingException e) when (e.Code is ProblemCodes.InvalidInput or ProblemCodes.Busy)
        {
            return await PageAsync(context, posts, accounts, null, e.Message);
        }
    }

    static async Task<IResult> DisconnectAsync(HttpContext context, IAccounts accounts)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        await accounts.DisconnectAsync(context.SignedIn(), (string?)form["network"] ?? "", context.RequestAborted);
        return new SeeOther(PagesSite.Page(context, "/me?done=disconnected"));
    }

    static async Task<IResult> PageAsync(HttpContext context, IPosts posts, IAccounts accounts, string? cursor, string? error)
    {
        var caller = context.SignedIn();
        var (own, next) = await posts.ListAsync(caller, cursor, PageSize, context.RequestAborted);
        var names = await PersonNames.ManyAsync(
            context, [.. own.SelectMany(post => post.Audience.People ?? []).Distinct()], context.RequestAborted);
        var networks = await accounts.ListAsync(caller, context.RequestAborted);
        var list = own.Count > 0 ? Html.Each(own, post => OwnPostCard.Of(context, post, names))
            : (Html)$"""
            <section class="card plain"><h2>You have not shared anything yet</h2>
            <p>Pick an item of your terminal's download list, running or finished, and share it: it appears here with where it was published.</p></section>
            """;
        Html older = next is not null
            ? $"""<p class="pager"><a class="button quiet" href="{PagesSite.Page(context, "/me")}?cursor={next}">Older posts</a></p>"""
            : Html.None;
        return SharingPage.Result(
            context, "My posts",
            $"""
            <h1>My posts</h1>{Notice.Done(context)}{Notice.Error(error)}
            <div class="beside"><div>{list}{older}</div>
            <aside class="card" aria-labelledby="networks"><h2 id="networks">Networks</h2>
            <p class="muted">Your posts go to every network that you are connected to.</p>
            {Html.Each(networks, network => Network(context, network))}</aside></div>
            """,
            error is null ? 200 : 400);
    }

    static Html Network(HttpContext context, NetworkState network)
    {
        var isPart = !network.NeedsAccount;
        var (tone, state) = isPart ? ("good", "Part of this server") : network.Connected ? ("good", "Connected") : ("", "Not connected");
        var hidden = SharingPage.Fields(context, ("network", network.Network));
        Html server = network.HasServers ? $"""
            <label for="server-{network.Network}">Your server, such as example.social</label>
            <input id="server-{network.Network}" name="server" autocomplete="off" required maxlength="{Resource.MaxAddressLength}" value="{network.Server?.ToString()}">
            """ : Html.None;
        Html name = network.HasNames ? $"""
            <label for="name-{network.Network}">Your name there</label>
            <input id="name-{network.Network}" name="name" autocomplete="off" required maxlength="500" value="{network.Name}">
            """ : Html.None;
        Html secret = network.NeedsToken ? $"""
            <label for="token-{network.Network}">Access token of {network.Network}</label>
            <input id="token-{network.Network}" name="token" type="password" autocomplete="off" required maxlength="4000">
            """ : Html.None;
        Html connect = $"""
            <form class="stack" method="post" action="{PagesSite.Page(context, "/me/connect")}">{hidden}{server}{name}
            {secret}
            <button class="button">Connect</button></form>
            """;
        Html whose = network.Name is { } called ? (Html)$"""<p class="muted">{called}</p>""" : Html.None;
        Html forms = isPart ? Html.None : network.Connected
            ? $"""
            <details><summary>Use another token</summary>{connect}</details>
            <form method="post" action="{PagesSite.Page(context, "/me/disconnect")}">{hidden}
            <button class="button quiet">Disconnect<span class="hidden"> {network.Network}</span></button></form>
            """
            : connect;
        return $"""<div class="network"><p class="line"><strong>{network.Network}</strong><span class="pill {tone}">{state}</span></p>{whose}{forms}</div>""";
    }
}
