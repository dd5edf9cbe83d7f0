using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace Sharing.Social;

/// <summary>Writes what the fediverse reads (ActivityPub, ActivityStreams 2.0, FEP-1311 for what is attached). Thread-safe.</summary>
sealed class ActivityDocuments(Actors actors, IOptions<ActivityPubOptions> options)
{
    public const string Public = "https://www.w3.org/ns/activitystreams#Public";

    const string Streams = "https://www.w3.org/ns/activitystreams";

    readonly Uri _address = options.Value.PublicAddress;
    readonly ActorKeys _keys = new();

    public JsonObject Actor(StoredActor actor, string? shownName)
    {
        var id = actors.IdOf(actor.Name);
        using var lent = LendKey(actor);
        return new()
        {
            ["@context"] = new JsonArray(Streams, "https://w3id.org/security/v1"),
            ["id"] = id,
            ["type"] = "Person",
            ["preferredUsername"] = actor.Name,
            ["name"] = shownName ?? actor.Name,
            ["url"] = id,
            ["inbox"] = id + "/inbox",
            ["outbox"] = id + "/outbox",
            ["followers"] = id + "/followers",
            ["following"] = id + "/following",
            ["published"] = Time(actor.Since),
            ["manuallyApprovesFollowers"] = false,
            ["endpoints"] = new JsonObject { ["sharedInbox"] = $"{_address}ap/inbox" },
            ["publicKey"] = new JsonObject { ["id"] = KeyIdOf(actor), ["owner"] = id, ["publicKeyPem"] = lent.Key.ExportSubjectPublicKeyInfoPem() + "\n" },
        };
    }

    public string KeyIdOf(StoredActor actor) => actors.IdOf(actor.Name) + "#main-key";

    public ActorKeys.Lent LendKey(StoredActor actor) => _keys.Lend(actor);

    public void ForgetKey(StoredActor actor) => _keys.Forget(actor);

    /// <summary>A post as others show it, with the resource as a document beside it.</summary>
    public JsonObject Note(StoredNote stored)
    {
        var (post, actor, id) = (stored.Post, actors.IdOf(stored.Actor), actors.NoteIdOf(stored.Post.Key));
        if (post.Withdrawn)
        {
            return Tombstone(id);
        }

        var link = WebUtility.HtmlEncode(post.Link.ToString());
        var (to, cc) = Audience(stored);
        var note = new JsonObject
        {
            ["@context"] = Streams,
            ["id"] = id,
            ["type"] = "Note",
            ["attributedTo"] = actor,
            ["content"] = stored.InReplyTo is null ? $"<p>{Html(post.Text)}</p><p><a href=\"{link}\" rel=\"nofollow noopener\" target=\"_blank\">{link}</a></p>" : $"<p>{Html(post.Text)}</p>",
            ["published"] = Time(post.At),
            ["url"] = stored.InReplyTo is null ? post.Link.ToString() : id,
            ["to"] = to,
            ["cc"] = cc,
        };
        if (stored.InReplyTo is { } parent)
        {
            note["inReplyTo"] = parent;
            return note;
        }

        if (post.Revision > 1)
        {
            note["updated"] = Time(stored.Changed);
        }

        note["attachment"] = new JsonArray((JsonNode)Document(post));
        return note;
    }

    /// <summary>What is sent when a post is made, changed or withdrawn. Its id is made of the post's, so that a repeat is known as one.</summary>
    public JsonObject Activity(StoredNote stored)
    {
        var (post, id) = (stored.Post, actors.NoteIdOf(stored.Post.Key));
        var (to, cc) = Audience(stored);
        var note = Note(stored);
        note.Remove("@context");
        return new()
        {
            ["@context"] = Streams,
            ["id"] = string.Create(CultureInfo.InvariantCulture, $"{id}/{post.Revision}"),
            ["type"] = post.Withdrawn ? "Delete" : post.Revision > 1 ? "Update" : "Create",
            ["actor"] = actors.IdOf(stored.Actor),
            ["published"] = Time(stored.Changed),
            ["to"] = to,
            ["cc"] = cc,
            ["object"] = note,
        };
    }

    /// <summary>An activity about something of somebody else's.</summary>
    public JsonObject About(string actor, string type, string name, JsonNode what, string? to, bool isPublic = false) => new()
    {
        ["@context"] = Streams,
        ["id"] = $"{actors.IdOf(actor)}/{type.ToLowerInvariant()}/{name}",
        ["type"] = type,
        ["actor"] = actors.IdOf(actor),
        ["to"] = new JsonArray(isPublic ? Public : to),
        ["cc"] = isPublic ? new JsonArray(to, actors.IdOf(actor) + "/followers") : new JsonArray(),
        ["object"] = what,
    };

    /// <summary>What is sent when an actor is gone: whoever takes it deletes all that he has of him.</summary>
    public JsonObject Leaving(StoredActor actor)
    {
        var id = actors.IdOf(actor.Name);
        return new() { ["@context"] = Streams, ["id"] = id + "#delete", ["type"] = "Delete", ["actor"] = id, ["to"] = new JsonArray(Public), ["object"] = id };
    }

    /// <summary>What stands where something was.</summary>
    public static JsonObject Tombstone(string id) => new() { ["@context"] = Streams, ["id"] = id, ["type"] = "Tombstone" };

    public static JsonObject Collection(string id, long count, JsonArray? items = null)
    {
        var collection = new JsonObject { ["@context"] = Streams, ["id"] = id, ["type"] = "OrderedCollection", ["totalItems"] = count };
        if (items is not null)
        {
            collection["orderedItems"] = items;
        }

        return collection;
    }

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    static string Html(string text) => string.Join("<br>", text.ReplaceLineEndings("\n").Split('\n').Select(WebUtility.HtmlEncode));

    static JsonObject Document(Post post)
    {
        var document = new JsonObject { ["type"] = "Document", ["name"] = post.Resource.Name, ["url"] = post.Link.ToString(), ["mediaType"] = post.Resource.MediaType ?? "application/octet-stream" };
        if (post.Resource.Length is { } length)
        {
            document["size"] = length;
        }

        if (post.Resource.ContentId is { } content)
        {
            document["digestMultibase"] = $"f1e20{content}"; // base 16; BLAKE3, 32 bytes
        }

        return document;
    }

    (JsonArray To, JsonArray Cc) Audience(StoredNote stored)
    {
        var followers = actors.IdOf(stored.Actor) + "/followers";
        return stored.Post.Audience.Kind == AudienceKind.Everyone ? (new(Public), new(followers)) : (new(followers), new());
    }
}
