using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Social;

/// <summary>Takes what other servers send: only what concerns somebody here, and only from whom it says it is. Thread-safe.</summary>
/// <remarks>Before anything is fetched for it, a request has to be signed, fresh, whole, and about something of ours. An activity is taken once, however often it comes: its id is remembered
/// for longer than its signature is good (<c>ap-seen/{digest}</c>), in the commit that takes it.</remarks>
sealed class Inbox(
    IRecordStore records, Actors actors, ActivityDocuments documents, RemoteActors remotes, Deliveries deliveries, IOptions<ActivityPubOptions> options, TimeProvider time, ILogger<Inbox> logger)
{
    static readonly InboxOutcome s_taken = new(202);

    public async Task<InboxOutcome> ReceiveAsync(InboxRequest request, CancellationToken cancellationToken)
    {
        var outcome = await TakeAsync(request, cancellationToken);
        if (outcome.Reason is { } reason)
        {
            SocialLog.NotTaken(logger, reason);
        }

        return outcome;
    }

    async Task<InboxOutcome> TakeAsync(InboxRequest request, CancellationToken cancellationToken)
    {
        if (request.Body.Length > InboxRequest.MostBytes)
        {
            return new(413, "It is too long.");
        }

        var (signed, fault) = SignedRequest.Read(request, options.Value.PublicAddress, options.Value.SignatureWindow, time.GetUtcNow());
        if (signed is null)
        {
            return new(401, fault);
        }

        if (Parse(request.Body) is not { } activity || Uri.TryCreate(Id(activity["actor"]), UriKind.Absolute, out var sender) is false || Xrpc.Text(activity["id"]) is not { Length: <= 2000 } id)
        {
            return new(400, "It is no activity.");
        }

        if (sender.Authority != signed.KeyId.Authority || !Uri.TryCreate(id, UriKind.Absolute, out var address) || address.Authority != sender.Authority)
        {
            return new(401, "Key, actor and activity are not of one server.");
        }

        if (await AboutAsync(activity, sender, cancellationToken) is not { } about)
        {
            return s_taken; // nobody here is meant
        }

        var (actor, isGone) = await SenderAsync(signed, sender, about.Actor, cancellationToken);
        if (actor is null)
        {
            return isGone ? new(401, "Its sender is gone.") : new(401, "It is not signed by its sender.");
        }

        await records.ChangeAsync(
            async batch =>
            {
                var key = RecordKey.Of("ap-seen", Actors.Digest(id));
                if (await records.GetAsync(key, cancellationToken) is not null)
                {
                    return false;
                }

                batch.Put(key, new(time.GetUtcNow()), FederationJson.Default.StoredSeen, RecordBatch.Absent);
                await ApplyAsync(batch, activity, actor, about, cancellationToken);
                return true;
            },
            cancellationToken);
        return s_taken;
    }

    /// <summary>Who signed it, where that is who it says: the sender's own document must name the very key.</summary>
    async Task<(RemoteActor? Actor, bool IsGone)> SenderAsync(SignedRequest signed, Uri sender, StoredActor asks, CancellationToken cancellationToken)
    {
        for (var anew = false; ; anew = true)
        {
            var (actor, isGone) = await remotes.FindAsync(sender, asks, anew, cancellationToken);
            if (actor is null || (actor.KeyId == signed.KeyId.OriginalString && signed.IsBy(actor.PublicKeyPem)))
            {
                return (actor, isGone);
            }

            if (anew)
            {
                return (null, false);
            }
        }
    }

    /// <summary>What an activity is about.</summary>
    /// <param name="Actor">Whom of ours it concerns.</param>
    /// <param name="Note">Which post of his, where it is one.</param>
    /// <param name="Response">Which response, where it is one that is here.</param>
    sealed record About(StoredActor Actor, string? Note = null, Versioned<PostResponse>? Response = null);

    async ValueTask<About?> AboutAsync(JsonObject activity, Uri sender, CancellationToken cancellationToken)
    {
        var what = activity["object"];
        switch (Xrpc.Text(activity["type"]))
        {
            case "Follow":
                return await ActorAsync(Id(what), cancellationToken);
            case "Undo" when what is JsonObject undone && Id(undone["actor"]) == sender.OriginalString:
                return Xrpc.Text(undone["type"]) == "Follow" ? await ActorAsync(Id(undone["object"]), cancellationToken) : await NoteAsync(Id(undone["object"]), cancellationToken);
            case "Announce" or "Like":
                return await NoteAsync(Id(what), cancellationToken);
            case "Create" or "Update" when what is JsonObject note && Xrpc.Text(note["type"]) is "Note" or "Article" or "Question" or "Page" && Id(note["attributedTo"]) == sender.OriginalString && IsOf(Id(note), sender):
                return await NoteAsync(Id(note["inReplyTo"]), cancellationToken);
            case "Delete" when IsOf(Id(what), sender):
                return await ResponseAsync(Id(what)!, cancellationToken);
            default:
                return null;
        }
    }

    async ValueTask ApplyAsync(RecordBatch batch, JsonObject activity, RemoteActor from, About about, CancellationToken cancellationToken)
    {
        var (name, what) = (about.Actor.Name, activity["object"]);
        switch (Xrpc.Text(activity["type"]))
        {
            case "Follow":
                batch.Put(Actors.FollowerKey(name, from.Id), new(from.Id, from.Inbox, from.SharedInbox, time.GetUtcNow()), FederationJson.Default.StoredFollower, RecordBatch.Any);
                await deliveries.ScheduleAsync(batch, name, from.Inbox, documents.About(name, "Accept", Actors.Digest(Xrpc.Text(activity["id"])!)[..32], activity.DeepClone(), from.Id), cancellationToken);
                break;
            case "Undo" when Xrpc.Text(what!["type"]) == "Follow":
                batch.Delete(Actors.FollowerKey(name, from.Id), RecordBatch.Any);
                break;
            case "Undo":
                batch.Delete(Actors.ResponseKey(about.Note!, $"{Xrpc.Text(what!["type"])} {from.Id}"), RecordBatch.Any);
                break;
            case "Announce" or "Like":
                var kind = Xrpc.Text(activity["type"]) == "Like" ? PostResponseKind.Like : PostResponseKind.Reshare;
                Put(batch, about.Note!, $"{Xrpc.Text(activity["type"])} {from.Id}", new() { Kind = kind, Id = Xrpc.Text(activity["id"])!, Author = from.Name, At = time.GetUtcNow(), Address = WebAddress.Of(from.Id) });
                break;
            case "Create" or "Update":
                var id = Id(what)!;
                Put(batch, about.Note!, id, new()
                {
                    Kind = PostResponseKind.Comment, Id = id, Author = from.Name, Text = HtmlText.Plain(Xrpc.Text(what!["content"]) ?? ""), At = time.GetUtcNow(), Address = WebAddress.Of(Xrpc.Text(what["url"])) ?? WebAddress.Of(id),
                });
                batch.Put(Actors.ResponseOfKey(id), about.Note!, FederationJson.Default.String, RecordBatch.Any);
                break;
            default:
                batch.Delete(about.Response!.Key, RecordBatch.Any).Delete(Actors.ResponseOfKey(Id(what)!), RecordBatch.Any);
                break;
        }
    }

    static void Put(RecordBatch batch, string note, string id, PostResponse response) => batch.Put(Actors.ResponseKey(note, id), response, FederationJson.Default.PostResponse, RecordBatch.Any);

    async ValueTask<About?> ActorAsync(string? id, CancellationToken cancellationToken) =>
        actors.NameOf(id) is { } name && await actors.FindAsync(name, cancellationToken) is { } actor ? new(actor) : null;

    async ValueTask<About?> NoteAsync(string? id, CancellationToken cancellationToken) =>
        actors.KeyOf(id) is { } key && await Actors.Notes(records).FindAsync(key, cancellationToken) is { Post.Withdrawn: false } note
            && await actors.FindAsync(note.Actor, cancellationToken) is { } actor ? new(actor, key) : null;

    async ValueTask<About?> ResponseAsync(string id, CancellationToken cancellationToken) =>
        await records.GetAsync(Actors.ResponseOfKey(id), FederationJson.Default.String, cancellationToken) is { } note
            && await records.GetAsync(Actors.ResponseKey(note.Value, id), FederationJson.Default.PostResponse, cancellationToken) is { } response
            && await NoteAsync(actors.NoteIdOf(note.Value), cancellationToken) is { } about ? about with { Response = response } : null;

    static bool IsOf(string? id, Uri sender) => Uri.TryCreate(id, UriKind.Absolute, out var address) && address.Authority == sender.Authority;

    /// <summary>An id as it stands, or that of what stands there.</summary>
    static string? Id(JsonNode? node) => node is JsonObject one ? Xrpc.Text(one["id"]) : node is JsonArray { Count: 1 } list ? Id(list[0]) : Xrpc.Text(node);

    static JsonObject? Parse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body, documentOptions: new() { MaxDepth = 32, AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException)
        {
            return null;
        }
    }
}
