using Sharing.AspNetCore;

namespace Sharing.Server;

/// <summary>For administrators: who is a member, and who is invited. For everybody else there is no such page.</summary>
static partial class MemberPages
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/members", static (HttpContext context, MemberBook book, OneTimeLinks links, string? done) => ShowAsync(context, book, links, done is null ? Html.None : MemberHtml.Done("Done.")));
        group.MapPost("/members/invite", InviteAsync);
        group.MapPost("/members/withdraw", WithdrawAsync);
        group.MapPost("/members/change", ChangeAsync);
    }

    /// <summary>Answers all others like a path that leads nowhere, before anything is looked at.</summary>
    public static async ValueTask<object?> AdministratorsAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.Person() is not null && context.HttpContext.User.IsInRole(Member.Administrator) ? await next(context) : Results.NotFound();

    static async Task<IResult> InviteAsync(HttpContext context, MemberBook book, OneTimeLinks links)
    {
        var form = await context.FormAsync();
        var (mail, note) = (Member.MailOf(form("mail")), Member.NameOf(form("note")));
        if ((mail is null && form("mail").Length > 0) || (note is null && form("note").Length > 0))
        {
            return await ShowAsync(context, book, links, MemberHtml.Error("That is no mail address, or the note is not on one line of at most 100 characters."), 400);
        }

        var link = await links.InviteAsync(mail, note, context.RequestAborted);
        Invited(Logger(context), context.Person()!.Value);
        return await ShowAsync(context, book, links, link is null ? MemberHtml.Done("The invitation is on its way.")
            : MemberHtml.Once("Invitation", link.AbsoluteUri, "Whoever has this link joins by it, once, within seven days. It is not shown again."));
    }

    static async Task<IResult> WithdrawAsync(HttpContext context, OneTimeLinks links)
    {
        var form = await context.FormAsync();
        if (form("link").Length > 0)
        {
            await links.EndAsync(form("link"), context.RequestAborted);
        }

        return Results.LocalRedirect(context.At("/members?done=1"));
    }

    static async Task<IResult> ChangeAsync(HttpContext context, MemberBook book, OneTimeLinks links, Sessions sessions, OwnTokens tokens, TimeProvider time)
    {
        var form = await context.FormAsync();
        if (!PersonId.TryParse(form("member"), out var person) || await book.FindAsync(person, context.RequestAborted) is null)
        {
            return await ShowAsync(context, book, links, MemberHtml.Error("There is no such member any more."), 400);
        }

        var what = form("do");
        Changed(Logger(context), context.Person()!.Value, person, what is Member.Administrator or Member.Ordinary or "disable" or "enable" or "link" ? what : "?");
        switch (what)
        {
            case Member.Administrator or Member.Ordinary:
                await book.ChangeAsync(person, member => member with { Role = what }, context.RequestAborted);
                break;
            case "disable":
                await book.ChangeAsync(person, member => member with { Disabled = time.GetUtcNow() }, context.RequestAborted);
                await sessions.EndAllAsync(person, null, context.RequestAborted); // he is refused already; and he does not have them again when he may come back
                await tokens.EndAllAsync(person, null, context.RequestAborted);
                break;
            case "enable":
                await book.ChangeAsync(person, static member => member with { Disabled = null }, context.RequestAborted);
                break;
            case "link":
                var link = await links.MakeEntryAsync(person, context.RequestAborted);
                return await ShowAsync(context, book, links, MemberHtml.Once("Link to sign in", link.AbsoluteUri, "Whoever has this link is signed in as this member by it, once, within seven days. It is not shown again."));
        }

        return Results.LocalRedirect(context.At("/members?done=1"));
    }

    static async Task<IResult> ShowAsync(HttpContext context, MemberBook book, OneTimeLinks links, Html said, int status = 200)
    {
        var members = await book.ListAsync(context.RequestAborted).Select(static one => one.Value).OrderBy(static member => member.Name, StringComparer.InvariantCultureIgnoreCase).ToListAsync(context.RequestAborted);
        var open = await links.ListAsync(context.RequestAborted).Where(static link => link.Value.Page != OneTimeLinks.Setup).ToListAsync(context.RequestAborted);
        var names = members.ToDictionary(static member => member.Id, static member => member.Name);
        Html invitations = open.Count == 0 ? Html.None : (Html)$"""
            <section class="card" aria-labelledby="open"><h2 id="open">Links that were not used yet</h2><ul class="people">{Html.Each(open, link => Link(context, link.Key.Part(0), link.Value, names))}</ul></section>
            """;
        return SharingPage.Result(
            context, "Members",
            $"""
            <h1>Members</h1>{said}
            <section class="card" aria-labelledby="invite"><h2 id="invite">Invite somebody</h2>
            <form class="stack" method="post" action="{context.At("/members/invite")}">{SharingPage.AntiforgeryField(context)}
            <label for="mail">Mail address, if the invitation is for this one alone</label><input id="mail" name="mail" type="email" autocomplete="off" maxlength="254">
            <label for="note">Note, for administrators</label><input id="note" name="note" autocomplete="off" maxlength="100">
            <button class="button">Invite</button></form></section>{invitations}
            <section class="card" aria-labelledby="all"><h2 id="all">Everybody<span class="count">{members.Count}</span></h2><ul class="people">{Html.Each(members, member => Row(context, member))}</ul></section>
            """,
            status);
    }

    static Html Link(HttpContext context, string id, StoredLink link, Dictionary<PersonId, string> names)
    {
        var what = link.Page == OneTimeLinks.Join ? "Invitation" : "Link to sign in";
        var whose = link.Mail ?? (link.Person is { } person ? names.GetValueOrDefault(person, "") : "for anybody");
        return $"""
            <li><div><span class="author">{what}: {whose}</span><span class="facts">{link.Note} until {MemberHtml.Day(link.Expires)}</span></div>
            <form method="post" action="{context.At("/members/withdraw")}">{SharingPage.AntiforgeryField(context)}<input type="hidden" name="link" value="{id}"><button class="button quiet">Withdraw<span class="hidden"> {what}: {whose}</span></button></form></li>
            """;
    }

    static Html Row(HttpContext context, Member member)
    {
        Html Button(string what, string label) => $"""<button class="button quiet" name="do" value="{what}">{label}<span class="hidden"> ({member.Name})</span></button>""";
        Html state = member.Disabled is not null ? (Html)$"""<span class="pill bad">Disabled</span>""" : member.IsAdministrator ? $"""<span class="pill good">Administrator</span>""" : Html.None;
        Html buttons = member.Disabled is not null ? Button("enable", "Enable")
            : $"""{(member.IsAdministrator ? Button(Member.Ordinary, "Make a member") : Button(Member.Administrator, "Make an administrator"))}{Button("link", "Link to sign in")}{Button("disable", "Disable")}""";
        return $"""
            <li><div><span class="line"><span class="author">{member.Name}</span>{state}</span><span class="facts">{member.Mail} · since {MemberHtml.Day(member.Created)}</span>
            <details><summary>Change<span class="hidden"> {member.Name}</span></summary><form class="buttons" method="post" action="{context.At("/members/change")}">{SharingPage.AntiforgeryField(context)}<input type="hidden" name="member" value="{member.Id}">{buttons}</form></details></div></li>
            """;
    }

    static ILogger Logger(HttpContext context) => context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Sharing.Server.Members");

    [LoggerMessage(1, LogLevel.Information, "{Administrator} invited somebody")]
    static partial void Invited(ILogger logger, PersonId administrator);

    [LoggerMessage(2, LogLevel.Information, "{Administrator} changes {Member}: {What}")]
    static partial void Changed(ILogger logger, PersonId administrator, PersonId member, string what);
}
