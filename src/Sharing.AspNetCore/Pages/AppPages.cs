using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sharing.Apps;
using Sharing.Core;

namespace Sharing.AspNetCore;

/// <summary>Friends' apps: what each shows, which build fits the visitor's device, and why the others do not.</summary>
static class AppPages
{
    const int PageSize = 50;

    const RelationshipKinds Friends = RelationshipKinds.Friend | RelationshipKinds.Found;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/apps", ListAsync).ExcludeFromDescription();
        group.MapPost("/apps/device", (Delegate)KeepAsync).ExcludeFromDescription();
        group.MapGet("/apps/of/{person}", ShowAsync).ExcludeFromDescription();
        group.MapGet("/apps/{app}", OneAsync).ExcludeFromDescription();
        group.MapGet("/apps/packages/{os}/{app}/{sha256}", GetAsync).ExcludeFromDescription(); // wherever the API is mapped, or is not
    }

    static async Task<IResult> ListAsync(HttpContext context, IAppLists lists, IRelationshipGraph graph)
    {
        var caller = context.SignedIn();
        var received = await lists.ReceivedAsync(caller, context.RequestAborted).ToListAsync(context.RequestAborted);
        var friends = (await graph.RelatedAsync(caller, Friends, context.RequestAborted)).Keys.Except(received.Select(static list => list.From)).ToList();
        var names = await PersonNames.ManyAsync(context, [.. received.Select(static list => list.From), .. friends], context.RequestAborted);
        Html sent = received.Count == 0 ? Html.None
            : $"""<section class="card"><h2>Sent to you</h2><ul class="people">{Html.Each(received, list => Row(context, names[list.From], list.From, Figures.Some(list.Apps.Count, "app")))}</ul></section>""";
        Html others = friends.Count == 0 && received.Count > 0 ? Html.None
            : friends.Count == 0 ? (Html)$"""<section class="card plain"><h2>No friends yet</h2><p>Friends who show you their apps appear here.</p></section>"""
            : $"""<section class="card"><h2>Friends</h2><ul class="people">{Html.Each(friends.OrderBy(id => names[id], StringComparer.OrdinalIgnoreCase), id => Row(context, names[id], id, null))}</ul></section>""";
        return SharingPage.Result(context, "Apps", $"""<h1>Apps</h1>{Notice.Done(context)}<div class="beside"><div>{sent}{others}</div>{Device(context, null)}</div>""");
    }

    static async Task<IResult> ShowAsync(HttpContext context, IAppLists lists, ICompatibilityMatcher matcher)
    {
        var person = context.Id<PersonId>("person");
        var answer = await lists.OfAsync(context.Caller(), person, context.RequestAborted);
        if (answer.Refusal == AppListRefusal.NotAvailable)
        {
            context.SignedIn();
            return ProblemPage.Result(context, ProblemCodes.NotFound, null);
        }

        var name = await PersonNames.OneAsync(context, person, context.RequestAborted);
        var device = VisitorDevice.Of(context);
        _ = int.TryParse(context.Request.Query["from"], NumberStyles.None, CultureInfo.InvariantCulture, out var from);
        from = Math.Min(from, answer.Apps.Count);
        var (apps, rows) = (answer.Apps.Skip(from).Take(PageSize), Html.None);
        foreach (var app in apps)
        {
            var match = device is null ? null : await matcher.MatchAsync(new() { App = app.App, Device = device.Profile }, context.RequestAborted);
            rows.AppendFormatted(Line(context, app, device, match));
        }

        Html list = answer.Refusal is null ? (Html)$"""<section class="card"><ul class="ledger">{rows}</ul></section>"""
            : $"""<section class="card plain"><h2>Nothing is shown to you</h2><p>{name} shows you none of his or her apps.</p></section>""";
        Html more = from + PageSize < answer.Apps.Count ? (Html)$"""<p class="pager"><a class="button quiet" href="{PageOf(context, person)}?from={from + PageSize}">More apps</a></p>""" : Html.None;
        return SharingPage.Result(context, $"Apps of {name}", $"""<h1>Apps of {name}</h1>{Notice.Done(context)}<div class="beside"><div>{list}{more}</div>{Device(context, person)}</div>""");
    }

    /// <summary>One app, to which a message leads.</summary>
    static async Task<IResult> OneAsync(HttpContext context, ICompatibilityMatcher matcher)
    {
        context.SignedIn();
        if (!AppId.TryParse(PathValue.Of(context, "app"), out var app))
        {
            return ProblemPage.Result(context, ProblemCodes.NotFound, null);
        }

        var device = VisitorDevice.Of(context);
        var match = device is null ? null : await matcher.MatchAsync(new() { App = app, Device = device.Profile }, context.RequestAborted);
        var name = match?.Candidates.Select(static candidate => candidate.Package.Name).FirstOrDefault(static name => name is not null) ?? app.Value;
        return SharingPage.Result(context, name, $"""<h1>{name}</h1>{Notice.Done(context)}<div class="beside"><section class="card"><ul class="ledger">{Line(context, new() { App = app, Name = name }, device, match)}</ul></section>{Device(context, null)}</div>""");
    }

    static async Task<IResult> GetAsync(HttpContext context, OutsideCatalogs catalogs, IContentStore contents) =>
        await AppEndpoints.BytesAsync(context, catalogs, contents) ?? ProblemPage.Result(context, ProblemCodes.NotFound, null);

    static async Task<IResult> KeepAsync(HttpContext context)
    {
        context.SignedIn();
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        VisitorDevice.Keep(context, form);
        return new SeeOther((PersonId.TryParse(form["person"], out var person) ? PageOf(context, person) : PagesSite.Page(context, "/apps")) + "?done=device");
    }

    static Html Line(HttpContext context, SharedApp app, VisitorDevice? device, AppMatch? match)
    {
        Html state = device is null ? Html.None : match switch
        {
            { ShopLink: { } shop, Best: null } => $"""<a class="button quiet" href="{shop}" rel="noreferrer">In the shop<span class="hidden">: {app.Name ?? app.App.Value}</span></a>""",
            { Best: { } best } => Get(context, best),
            null or { Candidates: [] } => $"""<span class="pill">Not to be had here for {device.Name}</span>""",
            _ => $"""<span class="pill warn">Does not fit {device.Name}</span>""",
        };
        return $"""
            <li><span class="line"><strong>{app.Name ?? app.App.Value}</strong><span class="facts">{app.App} {app.Version}</span></span>
            <span class="line">{state}</span>{Why(match)}</li>
            """;
    }

    static Html Get(HttpContext context, AppPackage best)
    {
        var address = PagesSite.Page(context, $"/apps/packages/{best.Os}/{best.App}/{best.Sha256}");
        Html size = best.Length > 0 ? $"""<span class="facts">{Figures.Size(best.Length)}</span>""" : Html.None;
        return $"""<a class="button" href="{address}" download>Get {VersionOf(best)}<span class="hidden"> of {best.Name ?? best.App.Value}</span></a><span class="pill good">Fits</span>{size}""";
    }

    /// <summary>What is wrong with each build that does not fit.</summary>
    static Html Why(AppMatch? match)
    {
        var wrong = match?.Candidates.Where(static candidate => candidate.Failed.Count > 0).ToList() ?? [];
        Html Rules(AppCandidate candidate) => $"""<li><strong>{VersionOf(candidate.Package)}</strong><ul>{Html.Each(candidate.Failed, static rule => $"<li>{rule.ToString()}</li>")}</ul></li>""";
        var title = match?.Best is null ? "Why not?" : Figures.Some(wrong.Count, "other build") + (wrong.Count == 1 ? " does" : " do") + " not fit. Why?";
        return wrong.Count == 0 ? Html.None : $"""<details><summary>{title}</summary><ul class="why">{Html.Each(wrong, Rules)}</ul></details>""";
    }

    static Html Device(HttpContext context, PersonId? person)
    {
        var device = VisitorDevice.Of(context);
        Html form = context.Caller() is null ? Html.None : $"""
            <form class="stack" method="post" action="{PagesSite.Page(context, "/apps/device")}">{SharingPage.Fields(context, ("person", person?.Value ?? ""))}
            {VisitorDevice.Fields(device)}<button class="button {(device is null ? "" : "quiet")}">{(device is null ? "Show what fits" : "Change")}</button></form>
            """;
        return $"""
            <aside class="card" aria-labelledby="device"><h2 id="device">Your device</h2>
            <p class="muted">{(device is null ? "Say what you have, and each app is shown in the build that fits it." : $"Builds are chosen for {device.Name}.")}</p>{form}</aside>
            """;
    }

    static Html Row(HttpContext context, string name, PersonId id, string? facts) => $"""
        <li>{PostCard.Avatar(name)}<div><a class="author" href="{PageOf(context, id)}">{name}</a><span class="facts">{facts}</span></div></li>
        """;

    public static string PageOf(HttpContext context, PersonId person) => PagesSite.Page(context, $"/apps/of/{Uri.EscapeDataString(person.Value)}");

    static string VersionOf(AppPackage package) => package.Version ?? package.VersionCode.ToString(CultureInfo.InvariantCulture);
}
