using System.Net.Http.Json;
using Sharing.Core;
using Sharing.Messaging;
using Sharing.Offline;

namespace Sharing.Tests.Http;

/// <summary>What actors ask a message server for: messages that the owner sent to his friend (granted) or to himself (private), things in the catalogue, handlers.</summary>
sealed class MessageSubjects : ISubjects
{
    readonly MessagesUnderTest _host;
    readonly Dictionary<Subject, MessageId> _messages = [];
    CatalogItem _item = null!;
    string _handler = "";

    MessageSubjects(MessagesUnderTest host) => _host = host;

    static PersonId Owner => HostUnderTest.IdOf(Actor.Owner);

    static PersonId Friend => HostUnderTest.IdOf(Actor.Friend);

    public static async Task<MessageSubjects> MakeAsync(MessagesUnderTest host)
    {
        var subjects = new MessageSubjects(host);
        await host.Get<PeopleStore>().SaveAsync(new() { Id = Friend, Name = "Friend" });
        await host.Get<PeopleStore>().SaveAsync(new() { Id = Owner, Name = "Owner" });
        subjects._messages[Subject.Expired] = await subjects.SendAsync(Friend);
        host.Clock.Advance(TimeSpan.FromDays(40));
        subjects._messages[Subject.Granted] = await subjects.SendAsync(Friend);
        subjects._messages[Subject.Private] = await subjects.SendAsync(Owner);
        subjects._item = await host.Get<CatalogBook>().AddAsync(new() { Key = "x", Title = "X", Kind = "music" }, new MemoryStream([1, 2, 3]));
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        subjects._handler = (await host.Get<HandlerShelf>().AddAsync(new MemoryStream(await Messages.TestHandlers.PackAsync(key)))).Package.ToString();
        return subjects;
    }

    public async Task<(string Id, Uri? Address)> IdAsync(Route route, Actor actor, Subject subject) => (subject switch
    {
        Subject.Self => "",
        Subject.Malformed => "malformed.",
        Subject.Existing when route.Pattern.StartsWith("/v1/catalog", StringComparison.Ordinal) || route.Pattern == "/catalog/request" => _item.Id.Value,
        Subject.Existing when route.Pattern.StartsWith("/_sharing", StringComparison.Ordinal) => "sharing.css",
        Subject.Existing when route.Pattern.StartsWith("/v1/handlers", StringComparison.Ordinal) => _handler,
        Subject.NotExisting when route.Pattern.StartsWith("/v1/handlers", StringComparison.Ordinal) => new string('a', 64),
        Subject.Existing => route.Pattern.StartsWith("/openapi", StringComparison.Ordinal) ? "v1" : "messages",
        Subject.NotExisting when route.Pattern.StartsWith("/openapi", StringComparison.Ordinal) => "v0",
        Subject.NotExisting => MessageId.New().Value,
        Subject.Held or Subject.HeldByAnother => (await BeginAsync(subject == Subject.Held ? Owner : PersonId.Parse("somebody"), 10)).Value,
        _ => _messages[subject].Value,
    }, null);

    public HttpContent? BodyOf(Route route, Actor actor, Subject subject, string id, Uri? address)
    {
        switch ($"{route.Method} {route.Pattern}")
        {
            case "POST /v1/stream-tickets":
                return JsonContent.Create(new StreamTicketRequest("/v1/inbox/events"), WireJson.Default.StreamTicketRequest);
            case "POST /v1/messages":
                return JsonContent.Create(new MessageDraft { To = [Friend.Value], Forward = _messages[Subject.Granted] }, MessagingJson.Default.MessageDraft);
            case "POST /v1/inbox/acknowledgements":
                return JsonContent.Create(new InboxAcknowledgement("phone", 1), MessagingJson.Default.InboxAcknowledgement);
            case "PUT /v1/bearers/{bearer}":
                return JsonContent.Create(new BearerRequest { Address = "+491701234567" }, MessagingJson.Default.BearerRequest);
            case "POST /v1/bearers/{bearer}/inbound":
                return JsonContent.Create(new BearerInbound("+491701234567", "x"), MessagingJson.Default.BearerInbound);
            case "PATCH /v1/taste":
                return JsonContent.Create(new TasteChange(false), MessagingJson.Default.TasteChange);
            case "POST /v1/taste/notes":
                return JsonContent.Create(new TasteNote { Use = TasteUse.Opened, Item = _item.Id }, MessagingJson.Default.TasteNote);
        }

        if (route is not { Method: "PATCH", Name: [not '*', ..] })
        {
            return null;
        }

        var part = new ByteArrayContent([1, 2, 3]);
        part.Headers.ContentType = new("application/offset+octet-stream");
        return part;
    }

    async Task<UploadId> BeginAsync(PersonId person, int length) => (await _host.Get<Core.Uploads>().CreateAsync(person, "messages", new(length, UploadMetadata.Empty)))!.Id;

    async Task<MessageId> SendAsync(PersonId to)
    {
        var id = await BeginAsync(Owner, 3);
        await _host.Get<Core.Uploads>().AppendAsync(Owner, "messages", id, new(0, new MemoryStream([1, 2, 3])));
        return (await _host.Get<IMessages>().SendAsync(Owner, new() { To = [to.Value], Upload = id.Value })).Id;
    }
}
