using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Messaging;

namespace Sharing.AspNetCore;

/// <summary>One message: what it brings is opened by its bytes, in a frame that can run nothing (rows M5, M6, M8).</summary>
static class MessagePages
{
    const int MostShown = 4 << 20;

    /// <summary>What a browser takes for a page, or for a picture with scripts in it.</summary>
    static readonly string[] s_documents = ["text/html", "image/svg+xml"];

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/inbox/{id}", ShowAsync).ExcludeFromDescription();
        group.MapMethods("/inbox/{id}/view", ["GET", "HEAD"], ViewAsync).ExcludeFromDescription();
        group.MapMethods("/inbox/{id}/file", ["GET", "HEAD"], FileAsync).ExcludeFromDescription();
        group.MapPost("/inbox/{id}/forward", ForwardAsync).ExcludeFromDescription();
    }

    public static string PageOf(HttpContext context, MessageId id) => PagesSite.Page(context, $"/inbox/{id}");

    public static string How(MessageKind kind) => kind switch
    {
        MessageKind.Forwarded => "sent on",
        MessageKind.Pushed => "chosen for you",
        MessageKind.Requested => "you asked for it",
        _ => "sent to you",
    };

    static async Task<IResult> ShowAsync(HttpContext context, IInbox inbox, ResourceHandlers handlers, ITastes tastes, IRelationshipGraph graph, string? show)
    {
        var (actor, cancellation) = (context.SignedIn(), context.RequestAborted);
        if (await FindAsync(context, inbox, actor) is not { } message)
        {
            return ProblemPage.Result(context, ProblemCodes.NotFound, null);
        }

        var friends = (await graph.RelatedAsync(actor, RelationshipKinds.Friend, cancellation)).Keys.ToList();
        var names = await PersonNames.ManyAsync(context, message.From is { } from ? [.. friends, from] : friends, cancellation);
        await using var content = message.Resource.IsHeld ? await inbox.OpenAsync(actor, message.Id, cancellation) : null;
        var page = message.Resource.Addresses.FirstOrDefault(static address => address.Scheme is "http" or "https");
        var isPageShown = content is null && show == "page";
        if (content is not null || isPageShown)
        {
            await tastes.NoteAsync(actor, new() { Use = TasteUse.Opened, Message = message.Id }, cancellation);
        }

        var who = message.From is { } sender ? names[sender] : "The server";
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        Html text = message.Text is { } said ? (Html)$"""<p class="text">{said}</p>""" : Html.None;
        Html because = message.Because is { } why ? (Html)$"""<p class="muted">{why}</p>""" : Html.None;
        Html body = $"""
            <p><a href="{PagesSite.Page(context, "/inbox")}">Inbox</a></p>
            <article class="card" aria-labelledby="name"><header class="byline">{PostCard.Avatar(who)}<div><span class="author">{who}</span><span class="facts"><span>{How(message.Kind)}</span>{Figures.Moment(message.Sent, now)}</span></div></header>
            <h1 id="name" class="name">{message.Resource.Name}</h1>{text}{because}
            {(content is not null ? await OpenAsync(context, message, handlers, content) : page is null ? Html.None : Web(context, message, page, isPageShown))}</article>
            <details class="card"><summary>Send on</summary><form class="stack" method="post" action="{PageOf(context, message.Id)}/forward">{SharingPage.Fields(context, InboxPages.Key)}
            {InboxPages.To([.. friends.OrderBy(one => names[one], StringComparer.OrdinalIgnoreCase)], names)}<div class="stack"><label for="text">What you say of it</label><textarea id="text" name="text" rows="3" maxlength="{MessageDraft.MostText}"></textarea></div><button class="button">Send on</button></form></details>
            """;
        return SharingPage.Framing(message.Resource.Name, $"""<div class="column">{body}</div>""", isPageShown ? page!.GetLeftPart(UriPartial.Authority) : null);
    }

    /// <summary>The bytes as what they are, for a frame, a picture or a player of ours: sandboxed, wherever they are opened.</summary>
    static async Task<IResult> ViewAsync(HttpContext context, IInbox inbox, ResourceHandlers handlers)
    {
        var actor = context.SignedIn();
        if (await FindAsync(context, inbox, actor) is not { } message || await inbox.OpenAsync(actor, message.Id, context.RequestAborted) is not { } content)
        {
            return ProblemPage.Result(context, ProblemCodes.NotFound, null);
        }

        context.Response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        var (type, handler) = await KindAsync(message, handlers, content, context.RequestAborted);
        if (s_documents.Contains(type.MediaType) || handler is PlainHandler)
        {
            var plain = type.MediaType.StartsWith("text/", StringComparison.Ordinal) ? (s_documents.Contains(type.MediaType) ? type.MediaType : "text/plain") + "; charset=utf-8" : type.MediaType;
            return new ContentResult(content, ContentArea.Data, plain, null);
        }

        await using var open = content;
        if (handler is null)
        {
            return ProblemPage.Result(context, ProblemCodes.UnsupportedMediaType, null);
        }

        using var output = new ShownBytes(MostShown);
        var opened = await handler.OpenAsync(new(message.Resource.Name, type, content), output, context.RequestAborted);
        ContentHeaders.Set(context, isFile: true);
        return Results.Bytes(output.ToArray(), opened.MediaType);
    }

    static async Task<IResult> FileAsync(HttpContext context, IInbox inbox)
    {
        var actor = context.SignedIn();
        return await FindAsync(context, inbox, actor) is { } message && await inbox.OpenAsync(actor, message.Id, context.RequestAborted) is { } content
            ? new ContentResult(content, ContentArea.Data, null, FileName.From(message.Resource.Name) ?? message.Id.Value) : ProblemPage.Result(context, ProblemCodes.NotFound, null);
    }

    static async Task<IResult> ForwardAsync(HttpContext context, IMessages messages)
    {
        var (actor, form) = (context.SignedIn(), await context.Request.ReadFormAsync(context.RequestAborted));
        return MessageId.TryParse(PathValue.Of(context, "id"), out var id)
            ? InboxPages.Sent(context, await messages.SendAsync(actor, new() { To = InboxPages.Receivers(form), Text = form["text"] is [{ Length: > 0 } text] ? text : null, Forward = id }, form["key"], context.RequestAborted))
            : ProblemPage.Result(context, ProblemCodes.NotFound, null);
    }

    static async Task<Message?> FindAsync(HttpContext context, IInbox inbox, PersonId actor) =>
        MessageId.TryParse(PathValue.Of(context, "id"), out var id) ? await inbox.FindAsync(actor, id, context.RequestAborted) : null;

    static async Task<(ResourceType Type, IResourceHandler? Handler)> KindAsync(Message message, ResourceHandlers handlers, IContentReader content, CancellationToken cancellationToken)
    {
        var beginning = new byte[(int)Math.Min(ResourceParser.Most, content.Info.Length)];
        await new ContentStream(content, ContentArea.Data, 0).ReadExactlyAsync(beginning, cancellationToken); // not disposed: the reader is the caller's
        var type = ResourceParser.Parse(beginning, content.Info.Length, message.Resource.Name, message.Resource.MediaType);
        return (type, handlers.Find(type, beginning));
    }

    /// <summary>What the page shows of bytes that the server has.</summary>
    static async Task<Html> OpenAsync(HttpContext context, Message message, ResourceHandlers handlers, IContentReader content)
    {
        var (type, handler) = await KindAsync(message, handlers, content, context.RequestAborted);
        var view = PageOf(context, message.Id) + "/view";
        var family = type.MediaType.Split('/')[0];
        Html shown = (family, handler) switch
        {
            _ when s_documents.Contains(type.MediaType) => Frame(view, message.Resource.Name),
            (_, null) => $"""<p class="notice bad">Nothing here opens {type.Best}. The terminal fetches what is missing for it: <code>sharing open {message.Id}</code></p>""",
            ("image", PlainHandler) => $"""<p><img class="shown" src="{view}" alt="{message.Resource.Name}"></p>""",
            ("audio", PlainHandler) => $"""<p><audio class="shown" controls preload="metadata" src="{view}"></audio></p>""",
            ("video", PlainHandler) => $"""<p><video class="shown" controls preload="metadata" src="{view}"></video></p>""",
            _ => Frame(view, message.Resource.Name, isText: true),
        };
        var kind = FileKind.Of(message.Resource.Name, type.Best);
        return $"""
            {shown}{PostCard.Box(context, kind, message.Resource.Name, $"{Figures.Size(content.Info.Length)} · {type.Best}")}
            <div class="actions"><a class="button" href="{PageOf(context, message.Id)}/file" download>Download<span class="hidden"> {message.Resource.Name}</span></a></div>
            """;
    }

    /// <summary>A page that is somewhere else: its address is shown before anything is asked of it.</summary>
    static Html Web(HttpContext context, Message message, Uri page, bool isShown)
    {
        Html shown = !isShown ? Html.None : (Html)$"""
            <iframe class="shown" sandbox="" referrerpolicy="no-referrer" src="{page}" title="{page.IdnHost}"></iframe>
            <p class="muted">Shown without scripts and without your name. Where nothing appears, that site lets nobody show it in a page.</p>
            """;
        Html here = isShown ? Html.None : (Html)$"""<a class="button quiet" href="{PageOf(context, message.Id)}?show=page">Show it here</a>""";
        return $"""
            {PostCard.Box(context, FileKind.Of(message.Resource.Name, message.Resource.MediaType ?? "text/html"), page.AbsoluteUri, $"at {page.IdnHost}")}{shown}
            <div class="actions"><a class="button" href="{page}" target="_blank" rel="noopener noreferrer">Open in your browser</a>{here}</div>
            """;
    }

    static Html Frame(string address, string name, bool isText = false) => $"""<iframe class="{(isText ? "shown text" : "shown")}" sandbox="" src="{address}" title="{name}"></iframe>""";

    /// <summary>What a handler gives to be shown, which is not endless.</summary>
    sealed class ShownBytes(int most) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Length + buffer.Length > most)
            {
                throw new SharingException(ProblemCodes.TooLarge, "There is too much to show. Download it.");
            }

            base.Write(buffer);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.Span);
            return default;
        }
    }
}
