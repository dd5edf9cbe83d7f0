using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;

namespace Sharing.AspNetCore;

/// <summary>Friends, those one follows, followers, and who asks; where a product keeps relationships itself, only to read.</summary>
static class PeoplePages
{
    const RelationshipKinds All = RelationshipKinds.Friend | RelationshipKinds.Found | RelationshipKinds.Follows | RelationshipKinds.FollowedBy | RelationshipKinds.Blocks;

    const string NoFriends = "You have no friends here yet. Friends are those who both said so.";

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/people", ShowAsync).ExcludeFromDescription();
        group.MapPost("/people/change", ChangeAsync).ExcludeFromDescription();
    }

    static Task<IResult> ShowAsync(HttpContext context, IRelationshipGraph graph) => PageAsync(context, graph, null, null);

    static async Task<IResult> ChangeAsync(HttpContext context, IRelationshipGraph graph)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (typed, change) = (((string?)form["person"] ?? "").Trim(), (string?)form["change"]);
        if (context.RequestServices.GetService<IRelationships>() is not { } relationships)
        {
            return ProblemPage.Result(context, ProblemCodes.NotFound, null);
        }

        if (!PersonId.TryParse(typed, out var person))
        {
            return await PageAsync(context, graph, typed, "Please type the id of the person you mean.");
        }

        var actor = context.SignedIn();
        if (person == actor)
        {
            return await PageAsync(context, graph, typed, "That is your own id. Please type the id of somebody else.");
        }

        var work = change switch
        {
            "follow" => relationships.FollowAsync(actor, person, true, context.RequestAborted),
            "unfollow" => relationships.FollowAsync(actor, person, false, context.RequestAborted),
            "befriend" => relationships.BefriendAsync(actor, person, true, context.RequestAborted),
            "unfriend" or "decline" => relationships.BefriendAsync(actor, person, false, context.RequestAborted),
            "block" => relationships.BlockAsync(actor, person, true, context.RequestAborted),
            "unblock" => relationships.BlockAsync(actor, person, false, context.RequestAborted),
            _ => throw new SharingException(ProblemCodes.InvalidInput, "There is no such change."),
        };
        await work;
        return new SeeOther(PagesSite.Page(context, $"/people?done={change}"));
    }

    static async Task<IResult> PageAsync(HttpContext context, IRelationshipGraph graph, string? typed, string? error)
    {
        var caller = context.SignedIn();
        var relationships = context.RequestServices.GetService<IRelationships>();
        var related = await graph.RelatedAsync(caller, All, context.RequestAborted);
        var requests = relationships is null ? [] : await relationships.RequestsAsync(caller, context.RequestAborted).ToListAsync(context.RequestAborted);
        var names = await PersonNames.ManyAsync(context, [.. related.Keys.Union(requests)], context.RequestAborted);
        var writable = relationships is not null;

        Html Group(string title, string none, IEnumerable<PersonId> people, Func<PersonId, Html> buttons)
        {
            var sorted = people.OrderBy(id => names[id], StringComparer.OrdinalIgnoreCase).ToList();
            Html rows = sorted.Count == 0
                ? (Html)$"""<p class="muted">{none}</p>"""
                : $"""<ul class="people">{Html.Each(sorted, id => Row(names[id], id, writable ? buttons(id) : Html.None))}</ul>""";
            return $"""<section class="card"><h2>{title}<span class="count">{sorted.Count}</span></h2>{rows}</section>""";
        }

        Html FollowBack(PersonId id) => related[id].HasFlag(RelationshipKinds.Follows) ? Html.None : Button(id, "follow", "Follow back");
        IEnumerable<PersonId> With(RelationshipKinds kind) => related.Where(r => r.Value.HasFlag(kind)).Select(r => r.Key);
        Html Button(PersonId id, string change, string label, bool quiet = true) => ChangeButton(context, id, names[id], change, label, quiet);
        Html If(string title, IEnumerable<PersonId> people, Func<PersonId, Html> buttons) => people.Any() ? Group(title, "", people, buttons) : Html.None;
        var apps = PagesSite.Of(context).HasApps;
        Html Apps(PersonId id) => apps ? (Html)$"""<a class="button quiet" href="{AppPages.PageOf(context, id)}">Apps<span class="hidden"> of {names[id]}</span></a>""" : Html.None;
        var found = With(RelationshipKinds.Found).Except(With(RelationshipKinds.Friend)).Except(requests);
        var groups = (Html)$"""
            {If("Friend requests", requests, id => (Html)$"""{Button(id, "befriend", "Accept", quiet: false)}{Button(id, "decline", "Decline")}""")}
            {Group("Friends", NoFriends, With(RelationshipKinds.Friend), id => (Html)$"""{Apps(id)}{Button(id, "unfriend", "End friendship")}""")}
            {If("Found by the contacts that you share", found, id => (Html)$"""{Apps(id)}{Button(id, "befriend", "Befriend")}{Button(id, "block", "Block")}""")}
            {Group("Following", "You follow nobody yet.", With(RelationshipKinds.Follows), id => Button(id, "unfollow", "Unfollow"))}
            {Group("Followers", "Nobody follows you yet.", With(RelationshipKinds.FollowedBy), id => (Html)$"""{FollowBack(id)}{Button(id, "block", "Block")}""")}
            {If("Blocked", With(RelationshipKinds.Blocks), id => Button(id, "unblock", "Unblock"))}
            """;
        return SharingPage.Result(
            context, "People",
            $"""
            <h1>People</h1>{Notice.Done(context)}{Notice.Error(error)}
            <div class="beside"><div>{groups}</div>{(writable ? Add(context, caller, typed, error) : Html.None)}</div>
            """,
            error is null ? 200 : 400);
    }

    static Html Row(string name, PersonId id, Html buttons)
    {
        Html also = name == id.Value ? Html.None : $"""<span class="facts">{id}</span>""";
        return $"""<li>{PostCard.Avatar(name)}<div><span class="author">{name}</span>{also}</div>{buttons}</li>""";
    }

    static Html ChangeButton(HttpContext context, PersonId id, string name, string change, string label, bool quiet) => $"""
        <form method="post" action="{PagesSite.Page(context, "/people/change")}">{SharingPage.Fields(context, ("person", id.Value))}
        <button class="button {(quiet ? "quiet" : "")}" name="change" value="{change}">{label}<span class="hidden"> {name}</span></button></form>
        """;

    static Html Add(HttpContext context, PersonId caller, string? typed, string? error)
    {
        Html invalid = error is null ? Html.None : $"""aria-invalid="true" autofocus """;
        return $"""
            <aside class="card" aria-labelledby="add"><h2 id="add">Add somebody</h2>
            <form class="stack" method="post" action="{PagesSite.Page(context, "/people/change")}">{SharingPage.AntiforgeryField(context)}
            <label for="person">The person's id</label>
            <input id="person" name="person" required maxlength="200" autocomplete="off" autocapitalize="none" spellcheck="false" value="{typed}" {invalid}>
            <p class="buttons"><button class="button" name="change" value="follow">Follow</button>
            <button class="button quiet" name="change" value="befriend">Ask to be friends</button>
            <button class="button quiet" name="change" value="block">Block</button></p></form>
            <p class="muted">Your own id is <strong>{caller}</strong>: tell it to those who want to find you.</p></aside>
            """;
    }
}
