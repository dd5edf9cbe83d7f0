using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sharing.Core;
using Sharing.Messaging;

namespace Sharing.AspNetCore;

/// <summary>The message centre: what the server offers, what people send each other, and each person's inbox. What is sent as a file comes in by uploads for the purpose "messages".</summary>
static class MessageEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/v1/catalog", CatalogAsync).Describe("listCatalog", "What the server offers, the newest first; with `kind` one sort of thing, with `search` what has these words").Gives<CatalogPage>();
        group.MapGet("/v1/catalog/{id}", ItemAsync).Describe("getCatalogItem", "One thing that the server offers").Names<CatalogItemId>().Gives<CatalogItem>();
        group.MapPost("/v1/catalog/{id}/requests", RequestAsync).Describe("requestCatalogItem", "Asks for a thing: it comes into the caller's inbox").Names<CatalogItemId>().Gives<Message>(201);
        group.MapPost("/v1/messages", SendAsync).Describe("sendMessage", "Sends something to one or many").Takes<MessageDraft>().Gives<SentMessage>(201).Repeatable();
        group.MapGet("/v1/messages", SentAsync).Describe("listSentMessages", "What the caller sent, the newest first").Gives<SentMessage[]>();
        group.MapGet("/v1/messages/{id}", FindSentAsync).Describe("getSentMessage", "A message that the caller sent, and how far it has come").Names<MessageId>().Gives<SentMessage>();
        group.MapGet("/v1/inbox", InboxAsync).Describe("readInbox", "The caller's inbox, in the order of arrival: `after` a number, or after what a `device` has acknowledged, or the last ones `before` a number").Gives<InboxPage>();
        group.MapGet("/v1/inbox/events", WatchAsync).Describe("watchInbox", "What arrives in the caller's inbox, as server-sent events; goes on after `Last-Event-ID`").Gives<Message>(200, "text/event-stream");
        group.MapPost("/v1/inbox/acknowledgements", AcknowledgeAsync).Describe("acknowledgeMessages", "Says that a terminal has taken what arrived").Takes<InboxAcknowledgement>().Produces(204);
        group.MapGet("/v1/inbox/{id}", FindAsync).Describe("getMessage", "A message that the caller received").Names<MessageId>().Gives<Message>();
        group.MapMethods("/v1/inbox/{id}/content", ["GET", "HEAD"], ContentAsync).Describe("getMessageContent", "The bytes of what a message brings").Names<MessageId>().GivesBytes();
        group.MapGet("/v1/handlers", HandlersAsync).Describe("listHandlers", "The handlers that the server offers, signed by it").OpenToEveryone().Gives<SignedHandlerIndex>();
        group.MapMethods("/v1/handlers/{id}", ["GET", "HEAD"], PackageAsync).Describe("getHandler", "The package of a handler").Names<ContentId>().OpenToEveryone().GivesBytes();
        group.MapGet("/v1/bearers", BearersAsync).Describe("listBearers", "Where the caller can be woken").Gives<BearerBinding[]>();
        group.MapPut("/v1/bearers/{bearer}", BindAsync).Describe("bindBearer", "Sends a code to an address of the caller's, or, with the code, confirms it").Takes<BearerRequest>().Gives<BearerBinding[]>();
        group.MapDelete("/v1/bearers/{bearer}", UnbindAsync).Describe("unbindBearer", "Forgets an address of the caller's").Produces(204);
        group.MapPost("/v1/bearers/{bearer}/inbound", InboundAsync).Describe("takeInbound", "For a gateway of the operator's: what somebody has sent").Takes<BearerInbound>().Produces(204);
        group.MapGet("/v1/taste", TasteAsync).Describe("getTaste", "What the server has learnt of the caller's taste").Gives<Taste>();
        group.MapPatch("/v1/taste", ChangeTasteAsync).Describe("changeTaste", "Switches off what the server chooses for the caller, or on").Takes<TasteChange>().Gives<Taste>();
        group.MapDelete("/v1/taste", ForgetAsync).Describe("forgetTaste", "Forgets what was learnt").Produces(204);
        group.MapPost("/v1/taste/notes", NoteAsync).Describe("noteTaste", "Says what the caller did with something from the catalogue").Takes<TasteNote>().Gives<Taste>();
    }

    static async Task<IResult> CatalogAsync(HttpContext context, ICatalog catalog, string? kind, string? search, string? cursor, string? count)
    {
        var query = new CatalogQuery { Kind = kind, Search = search, Cursor = cursor, Count = RequestExtensions.Count(count) };
        return (await catalog.ListAsync(context.SignedIn(), query, context.RequestAborted)).Answer(MessagingJson.Default.CatalogPage);
    }

    static async Task<IResult> ItemAsync(HttpContext context, ICatalog catalog) =>
        context.AnswerOrMissing(await catalog.FindAsync(context.SignedIn(), context.Id<CatalogItemId>(), context.RequestAborted), MessagingJson.Default.CatalogItem);

    static async Task<IResult> RequestAsync(HttpContext context, ICatalog catalog) =>
        context.AnswerOrMissing(await catalog.RequestAsync(context.SignedIn(), context.Id<CatalogItemId>(), context.RequestAborted), MessagingJson.Default.Message, 201);

    static async Task<IResult> SendAsync(HttpContext context, IMessages messages)
    {
        var actor = context.SignedIn();
        var draft = await context.BodyAsync(MessagingJson.Default.MessageDraft);
        return (await messages.SendAsync(actor, draft, context.Key(), context.RequestAborted)).Answer(MessagingJson.Default.SentMessage, 201);
    }

    static async Task<IResult> SentAsync(HttpContext context, IMessages messages) =>
        (await messages.ListAsync(context.SignedIn(), context.RequestAborted).ToArrayAsync(context.RequestAborted)).Answer(MessagingJson.Default.SentMessageArray);

    static async Task<IResult> FindSentAsync(HttpContext context, IMessages messages) =>
        context.AnswerOrMissing(await messages.FindAsync(context.SignedIn(), context.Id<MessageId>(), context.RequestAborted), MessagingJson.Default.SentMessage);

    static async Task<IResult> InboxAsync(HttpContext context, IInbox inbox, string? after, string? before, string? device, string? count)
    {
        var query = new InboxQuery { After = Number(after), Before = Number(before), Device = device, Count = RequestExtensions.Count(count) };
        return (await inbox.ReadAsync(context.SignedIn(), query, context.RequestAborted)).Answer(MessagingJson.Default.InboxPage);
    }

    static async Task<IResult> WatchAsync(HttpContext context, IInboxFeed feed, string? after, string? device)
    {
        var actor = context.SignedInWatcher();
        var last = context.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } id] ? id : after;
        return new PushResult(await feed.FollowAsync(actor, new() { After = Number(last), Device = device }, context.RequestAborted));
    }

    static async Task<IResult> AcknowledgeAsync(HttpContext context, IInbox inbox)
    {
        var (actor, taken) = (context.SignedIn(), await context.BodyAsync(MessagingJson.Default.InboxAcknowledgement));
        await inbox.AcknowledgeAsync(actor, taken.Device, taken.UpTo, context.RequestAborted);
        return Results.NoContent();
    }

    static async Task<IResult> FindAsync(HttpContext context, IInbox inbox) =>
        context.AnswerOrMissing(await inbox.FindAsync(context.SignedIn(), context.Id<MessageId>(), context.RequestAborted), MessagingJson.Default.Message);

    static async Task<IResult> ContentAsync(HttpContext context, IInbox inbox)
    {
        var (actor, id) = (context.SignedIn(), context.Id<MessageId>());
        return await inbox.OpenAsync(actor, id, context.RequestAborted) is { } bytes ? new ContentResult(bytes, ContentArea.Data, null, $"message-{id.Value[..8]}") : context.Missing();
    }

    static async Task<IResult> HandlersAsync(HttpContext context, IHandlerCatalog handlers) => context.AnswerOrMissing(await handlers.IndexAsync(context.RequestAborted), MessagingJson.Default.SignedHandlerIndex);

    static async Task<IResult> PackageAsync(HttpContext context, IHandlerCatalog handlers) =>
        await handlers.OpenAsync(context.Id<ContentId>(), context.RequestAborted) is { } package ? new ContentResult(package, ContentArea.Data, "application/zip", "handler.zip") : context.Missing();

    static async Task<IResult> BearersAsync(HttpContext context, IBearers bearers) => (await bearers.ListAsync(context.SignedIn(), context.RequestAborted)).ToArray().Answer(MessagingJson.Default.BearerBindingArray);

    static async Task<IResult> BindAsync(HttpContext context, IBearers bearers, string bearer)
    {
        var (actor, request) = (context.SignedIn(), await context.BodyAsync(MessagingJson.Default.BearerRequest));
        if (request.Code is { } code)
        {
            return await bearers.ConfirmAsync(actor, bearer, code, context.RequestAborted) ? await BearersAsync(context, bearers) : Problems.Result(ProblemCodes.InvalidInput, "That is not the code, or not any more.");
        }

        await bearers.BindAsync(actor, bearer, request.Address ?? throw new SharingException(ProblemCodes.InvalidInput, "The address is missing."), context.RequestAborted);
        return await BearersAsync(context, bearers);
    }

    static async Task<IResult> UnbindAsync(HttpContext context, IBearers bearers, string bearer) =>
        await bearers.RemoveAsync(context.SignedIn(), bearer, context.RequestAborted) ? Results.NoContent() : context.Missing();

    static async Task<IResult> InboundAsync(HttpContext context, BearerDesk desk, string bearer)
    {
        if (!context.IsHost())
        {
            _ = context.SignedIn();
            throw new SharingException(ProblemCodes.NotAllowed, "That is for gateways.");
        }

        await desk.TakeAsync(bearer, await context.BodyAsync(MessagingJson.Default.BearerInbound), context.RequestAborted);
        return Results.NoContent();
    }

    static async Task<IResult> TasteAsync(HttpContext context, ITastes tastes) => (await tastes.FindAsync(context.SignedIn(), context.RequestAborted)).Answer(MessagingJson.Default.Taste);

    static async Task<IResult> ChangeTasteAsync(HttpContext context, ITastes tastes)
    {
        var actor = context.SignedIn();
        return (await tastes.ChangeAsync(actor, await context.BodyAsync(MessagingJson.Default.TasteChange), context.RequestAborted)).Answer(MessagingJson.Default.Taste);
    }

    static async Task<IResult> ForgetAsync(HttpContext context, ITastes tastes)
    {
        await tastes.ForgetAsync(context.SignedIn(), context.RequestAborted);
        return Results.NoContent();
    }

    static async Task<IResult> NoteAsync(HttpContext context, ITastes tastes)
    {
        var (actor, note) = (context.SignedIn(), await context.BodyAsync(MessagingJson.Default.TasteNote));
        return await tastes.NoteAsync(actor, note, context.RequestAborted) ? (await tastes.FindAsync(actor, context.RequestAborted)).Answer(MessagingJson.Default.Taste) : context.Missing();
    }

    /// <summary>A place in an inbox.</summary>
    static long? Number(string? text) => text is null ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new SharingException(ProblemCodes.InvalidInput, "A place in an inbox is a number.");
}
