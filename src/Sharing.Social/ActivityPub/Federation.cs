using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Social;

/// <summary>What others read of this host, from its records.</summary>
sealed class Federation(IRecordStore records, Actors actors, ActivityDocuments documents, Inbox inbox, IPeople people, IOptions<ActivityPubOptions> options) : IFederation
{
    const int Newest = 20;
    const string Activity = "application/activity+json";

    public async Task<FederationDocument?> WebFingerAsync(string resource, CancellationToken cancellationToken = default)
    {
        const string Account = "acct:";
        var host = options.Value.Host;
        var name = actors.NameOf(resource)
            ?? (resource.StartsWith(Account, StringComparison.OrdinalIgnoreCase) && resource[Account.Length..].TrimStart('@').Split('@') is [var local, var at] && string.Equals(at, host, StringComparison.OrdinalIgnoreCase) ? local.ToLowerInvariant() : null);
        if (name is null || await actors.FindAsync(name, cancellationToken) is not { } actor)
        {
            return null;
        }

        var id = actors.IdOf(actor.Name);
        return Of(
            new()
            {
                ["subject"] = $"acct:{actor.Name}@{host}",
                ["aliases"] = new JsonArray(id),
                ["links"] = new JsonArray((JsonNode)new JsonObject { ["rel"] = "self", ["type"] = Activity, ["href"] = id }),
            },
            "application/jrd+json");
    }

    public async Task<FederationDocument?> FindAsync(string path, CancellationToken cancellationToken = default)
    {
        switch (path.Split('/'))
        {
            case ["ap", "notes", var key]:
                return await NoteAsync(key, cancellationToken) is { } note ? Of(documents.Note(note), Activity) with { IsGone = note.Post.Withdrawn, Page = note.Post.Withdrawn ? null : note.Post.Link } : null;
            case ["ap", "notes", var key, _]:
                return await NoteAsync(key, cancellationToken) is { } made ? Of(documents.Activity(made), Activity) : null;
            case ["ap", "people", var name, .. var rest]:
                return await actors.FindAsync(name, cancellationToken) is { } actor ? await OfActorAsync(actor, rest, cancellationToken)
                    : await actors.IsGoneAsync(name, cancellationToken) ? Of(ActivityDocuments.Tombstone(actors.IdOf(name)), Activity) with { IsGone = true } : null;
            case [".well-known", "nodeinfo"]:
                return Of(new() { ["links"] = new JsonArray((JsonNode)new JsonObject { ["rel"] = "http://nodeinfo.diaspora.software/ns/schema/2.1", ["href"] = $"{options.Value.PublicAddress}ap/nodeinfo" }) }, "application/json");
            case ["ap", "nodeinfo"]:
                return Of(
                    new()
                    {
                        ["version"] = "2.1",
                        ["software"] = new JsonObject { ["name"] = "sharing", ["version"] = typeof(Federation).Assembly.GetName().Version?.ToString(3) ?? "0" },
                        ["protocols"] = new JsonArray("activitypub"),
                        ["services"] = new JsonObject { ["inbound"] = new JsonArray(), ["outbound"] = new JsonArray() },
                        ["openRegistrations"] = false,
                        ["usage"] = new JsonObject { ["users"] = new JsonObject() },
                        ["metadata"] = new JsonObject(),
                    },
                    "application/json");
            default:
                return null;
        }
    }

    public Task<InboxOutcome> ReceiveAsync(InboxRequest request, CancellationToken cancellationToken = default) => inbox.ReceiveAsync(request, cancellationToken);

    async Task<FederationDocument?> OfActorAsync(StoredActor actor, string[] rest, CancellationToken cancellationToken)
    {
        var id = actors.IdOf(actor.Name);
        switch (rest)
        {
            case []:
                var known = await people.FindAsync([actor.Person], cancellationToken);
                return Of(documents.Actor(actor, known.GetValueOrDefault(actor.Person)?.Name), Activity);
            case ["outbox"]:
                var (newest, count) = await Actors.Notes(records).ListAsync(actor.Name, Newest, cancellationToken);
                return Of(ActivityDocuments.Collection(id + "/outbox", count, new([.. newest.Select(note => (JsonNode)documents.Activity(note))])), Activity);
            case ["followers"]:
                var followers = 0L;
                await foreach (var _ in records.ScanAsync(Actors.FollowersOf(actor.Name), cancellationToken))
                {
                    followers++;
                }

                return Of(ActivityDocuments.Collection(id + "/followers", followers), Activity); // how many, and not who
            case ["following"]:
                return Of(ActivityDocuments.Collection(id + "/following", 0, []), Activity);
            default:
                return null;
        }
    }

    /// <summary>A note that everybody may read.</summary>
    async Task<StoredNote?> NoteAsync(string key, CancellationToken cancellationToken) =>
        await Actors.Notes(records).FindAsync(key, cancellationToken) is { Post.Audience.Kind: AudienceKind.Everyone } note ? note : null;

    static FederationDocument Of(JsonObject document, string mediaType) => new(Encoding.UTF8.GetBytes(document.ToJsonString()), mediaType);
}
