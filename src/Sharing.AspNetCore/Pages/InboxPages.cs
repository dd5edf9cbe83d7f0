using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Messaging;

namespace Sharing.AspNetCore;

/// <summary>A person's inbox, the newest first, which fills itself while it is open, and a form to send something (rows M3 to M5).</summary>
static class InboxPages
{
    const int PageSize = 30;

    /// <summary>The name under which the pages acknowledge what was shown.</summary>
    const string Device = "pages";

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/inbox", ListAsync).ExcludeFromDescription();
        group.MapPost("/inbox/send", SendAsync).ExcludeFromDescription();
    }

    static async Task<IResult> ListAsync(HttpContext context, IInbox inbox, IRelationshipGraph graph, string? before)
    {
        var (actor, cancellation) = (context.SignedIn(), context.RequestAborted);
        var isNewest = !long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out var end) || end < 1;
        var page = await inbox.ReadAsync(actor, new() { Before = isNewest ? long.MaxValue : end, Count = PageSize }, cancellation);
        var unseen = await inbox.ReadAsync(actor, new() { Device = Device, Count = 1 }, cancellation) is { Messages: [var first, ..] } ? first.Number : long.MaxValue;
        if (isNewest && !context.Request.Query.ContainsKey("live"))
        {
            await inbox.AcknowledgeAsync(actor, Device, page.Next, cancellation);
        }

        var friends = (await graph.RelatedAsync(actor, RelationshipKinds.Friend, cancellation)).Keys.ToList();
        var names = await PersonNames.ManyAsync(context, [.. friends, .. page.Messages.Select(static message => message.From).OfType<PersonId>()], cancellation);
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        Html messages = page.Messages.Count > 0
            ? $"""<section class="card"><ul class="people">{Html.Each(page.Messages.Reverse(), message => Row(context, message, names, message.Number >= unseen, now))}</ul></section>"""
            : (Html)$"""<section class="card plain"><h2>{(isNewest ? "Nothing here yet" : "There are no older messages")}</h2><p>What people send you, and what you ask for in the catalogue, arrives here.</p></section>""";
        Html older = page.Messages is [{ Number: > 1 and var oldest }, ..] ? (Html)$"""<p class="pager"><a class="button quiet" href="{PagesSite.Page(context, "/inbox")}?before={oldest}">Older messages</a></p>""" : Html.None;
        Html newest = isNewest ? Html.None : (Html)$"""<p class="pager"><a class="button quiet" href="{PagesSite.Page(context, "/inbox")}">Newest messages</a></p>""";
        var links = context.RequestServices.GetRequiredService<LinkGenerator>();
        var events = isNewest ? links.GetPathByName(context, "watchInbox", []) : null;
        var assets = context.RequestServices.GetRequiredService<PageAssets>();
        return SharingPage.Result(context, "Inbox", $"""
            <h1>Inbox</h1>{Notice.Done(context)}<p class="hidden" role="status" id="arrived"></p>
            <div class="beside"><div><div id="messages" data-events="{events}" data-after="{page.Next}">{newest}{messages}{older}</div></div>{Form(context, links, [.. friends.OrderBy(one => names[one], StringComparer.OrdinalIgnoreCase)], names)}</div>
            <script type="module" src="{assets.Address(context, "inbox.js")}"></script>
            """);
    }

    static async Task<IResult> SendAsync(HttpContext context, IMessages messages)
    {
        var (actor, form) = (context.SignedIn(), await context.Request.ReadFormAsync(context.RequestAborted));
        var draft = new MessageDraft { To = Receivers(form), Text = form["text"] is [{ Length: > 0 } text] ? text : null };
        draft = (form["upload"], form["address"], form["item"]) switch
        {
            ([{ Length: > 0 } upload], _, _) => draft with { Upload = upload },
            (_, [{ Length: > 0 } address], _) => draft with { Resource = Page(address) },
            (_, _, [{ Length: > 0 } item]) when CatalogItemId.TryParse(item, out var id) => draft with { Item = id },
            _ => throw new SharingException(ProblemCodes.InvalidInput, "Choose a file, or write an address: a message brings something."),
        };
        return Sent(context, await messages.SendAsync(actor, draft, form["key"], context.RequestAborted));
    }

    /// <summary>Who is to get it: friends that were chosen, and network ids that were typed.</summary>
    public static IReadOnlyList<string> Receivers(IFormCollection form) =>
        [.. form["friend"].OfType<string>(), .. ((string?)form["to"] ?? "").Split([',', ';', ' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>Back to the inbox, with what became of it.</summary>
    public static IResult Sent(HttpContext context, SentMessage sent)
    {
        var reached = sent.To.Count(static one => one.State is not (DeliveryState.Unknown or DeliveryState.Refused));
        return reached == 0 ? ProblemPage.Result(context, ProblemCodes.NotFound, "There is nobody of that name here, or they take nothing from you.")
            : new SeeOther(PagesSite.Page(context, reached == sent.To.Count ? "/inbox?done=sent" : "/inbox?done=some"));
    }

    /// <summary>The fields that say who gets it.</summary>
    public static Html To(List<PersonId> friends, IReadOnlyDictionary<PersonId, string> names) => $"""
        <fieldset class="stack"><legend class="hidden">Friends</legend>{Html.Each(friends, friend => $"""<label class="choice"><input type="checkbox" name="friend" value="{friend}"><span>{names[friend]}</span></label>""")}</fieldset>
        <div class="stack"><label for="to">{(friends.Count == 0 ? "To (network ids)" : "Others (network ids)")}</label><input id="to" name="to" autocomplete="off"></div>
        """;

    /// <summary>A key for one form, so that it is sent once however often it is posted.</summary>
    public static (string Name, string Value) Key => ("key", Guid.NewGuid().ToString("N"));

    static MessageResource Page(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        ? new() { Name = Path.GetFileName(uri.LocalPath) is { Length: > 0 } name ? name : uri.Host, Addresses = [uri] }
        : throw new SharingException(ProblemCodes.InvalidInput, "An address begins with https:// or http://.");

    static Html Form(HttpContext context, LinkGenerator links, List<PersonId> friends, IReadOnlyDictionary<PersonId, string> names)
    {
        var uploads = links.GetPathByName(context, "createUpload", new RouteValueDictionary { ["purpose"] = MessageHome.Purpose });
        Html file = uploads is null ? Html.None : (Html)$"""
            <div class="stack" id="file" data-uploads="{uploads}" hidden><label for="files">A file</label><input id="files" type="file"></div>
            <div class="progress" hidden><progress max="1" value="0" aria-label="Upload"></progress><p><span class="said" role="status"></span></p></div>
            """;
        return $"""
            <aside class="card" aria-labelledby="send"><h2 id="send">Send</h2>
            <form id="sending" class="stack" method="post" action="{PagesSite.Page(context, "/inbox/send")}">{SharingPage.Fields(context, Key, ("upload", ""))}{To(friends, names)}{file}
            <div class="stack"><label for="address">{(uploads is null ? "A web address" : "Or a web address")}</label><input id="address" name="address" type="url" maxlength="{MessageResource.MaxAddressLength}" placeholder="https://">
            <label for="text">What you say of it</label><textarea id="text" name="text" rows="3" maxlength="{MessageDraft.MostText}"></textarea>
            <button class="button">Send</button></div></form></aside>
            """;
    }

    static Html Row(HttpContext context, Message message, IReadOnlyDictionary<PersonId, string> names, bool isNew, DateTimeOffset now)
    {
        var who = message.From is { } from ? names[from] : "The server";
        Html fresh = isNew ? (Html)$"""<span class="pill good">New</span>""" : Html.None;
        Html text = message.Text is { } said ? (Html)$"""<span class="facts">{(said.Length > 140 ? said[..140] + "…" : said)}</span>""" : Html.None;
        return $"""
            <li>{PostCard.Avatar(who)}<div><span class="line"><a class="author" href="{MessagePages.PageOf(context, message.Id)}">{message.Resource.Name}</a>{fresh}</span>
            <span class="facts">{who} · {MessagePages.How(message.Kind)} · {Figures.Moment(message.Sent, now)}</span>{text}</div></li>
            """;
    }
}
