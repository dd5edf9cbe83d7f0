using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Social;

#pragma warning disable MA0048 // what it finds, and who finds it
/// <summary>Somebody of another server.</summary>
sealed record RemoteActor(string Id, string Name, Uri Inbox, Uri? SharedInbox, string KeyId, string PublicKeyPem);

/// <summary>Looks up people of other servers, and their keys; remembered for a day, in memory. Only through the guarded client, and of each key no more than once a minute. Thread-safe.</summary>
sealed class RemoteActors(NetworkCaller caller, ActivityDocuments documents, IOptions<ActivityPubOptions> options)
{
    const int MostKnown = 10_000;

    static readonly TimeSpan s_life = TimeSpan.FromDays(1), s_pause = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<string, (RemoteActor? Actor, bool IsGone, DateTimeOffset At)> _known = new(StringComparer.Ordinal);

    /// <summary>What an actor's server says of it.</summary>
    /// <param name="id">The actor's id.</param>
    /// <param name="asks">The actor of ours in whose name is asked: there are servers that answer nobody else.</param>
    /// <param name="anew">Whether what is remembered does not do: it did not fit.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>It; <c>null</c> with whether it has gone for good.</returns>
    public async Task<(RemoteActor? Actor, bool IsGone)> FindAsync(Uri id, StoredActor? asks, bool anew, CancellationToken cancellationToken)
    {
        var now = caller.Time.GetUtcNow();
        if (_known.TryGetValue(id.AbsoluteUri, out var known) && now - known.At < (known.Actor is null || anew ? s_pause : s_life))
        {
            return (known.Actor, known.IsGone);
        }

        var (document, isGone) = await FetchAsync(id, asks, cancellationToken);
        var actor = document is null ? null : Read(document, id);
        if (_known.Count > MostKnown)
        {
            _known.Clear();
        }

        _known[id.AbsoluteUri] = (actor, isGone, now);
        return (actor, isGone);
    }

    /// <summary>A document of another server.</summary>
    public async Task<(JsonObject? Document, bool IsGone)> FetchAsync(Uri id, StoredActor? asks, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, id);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/activity+json"));
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\""));
        request.Headers.UserAgent.ParseAdd($"Sharing (+{options.Value.PublicAddress})");
        if (asks is not null)
        {
            using var lent = documents.LendKey(asks);
            HttpSignatures.SignByDraft(request, id.Authority, [], documents.KeyIdOf(asks), lent.Key, caller.Time.GetUtcNow());
        }

        var answer = await caller.SendAsync(request, null, 0, cancellationToken);
        return (answer.IsSuccess ? Xrpc.Object(answer) : null, answer.Status is System.Net.HttpStatusCode.Gone);
    }

    /// <summary>An actor, where the document is that of the very id, and all that it names is at its own server: nobody speaks for another's.</summary>
    static RemoteActor? Read(JsonObject document, Uri asked)
    {
        var id = Xrpc.Text(document["id"]);
        var key = document["publicKey"] is JsonArray several ? several.FirstOrDefault() : document["publicKey"];
        if (id is null || !Uri.TryCreate(id, UriKind.Absolute, out var address) || address.Authority != asked.Authority || WebAddress.Of(Xrpc.Text(document["inbox"])) is not { } inbox || inbox.Authority != address.Authority
            || Xrpc.Text(key?["id"]) is not { } keyId || Xrpc.Text(key?["owner"]) != id || Xrpc.Text(key?["publicKeyPem"]) is not { } pem || id != asked.GetLeftPart(UriPartial.Query))
        {
            return null;
        }

        var shared = WebAddress.Of(Xrpc.Text(document["endpoints"]?["sharedInbox"]));
        var name = ShownText.OneLine(Xrpc.Text(document["preferredUsername"]) ?? "");
        return new(id, $"{(name.Length is 0 or > 100 ? "?" : name)}@{address.Authority}", inbox, shared?.Authority == address.Authority ? shared : null, keyId, pem);
    }
}
