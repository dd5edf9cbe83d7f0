using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Social;

/// <summary>Publishes in the fediverse: the post becomes a note of this host's own, and goes to the servers of those who follow. A person takes part from when he connects; no token is needed.</summary>
/// <remarks>Thread-safe singleton.</remarks>
sealed class ActivityPubPublisher : ISocialPublisher, IPostResponses, IAccountSignIn
{
    readonly IRecordStore _records;
    readonly OwnPosts _notes;
    readonly Actors _actors;
    readonly ActivityDocuments _documents;
    readonly RemoteActors _remotes;
    readonly Deliveries _deliveries;
    readonly TimeProvider _time;

    public ActivityPubPublisher(
        IRecordStore records, Actors actors, ActivityDocuments documents, RemoteActors remotes, Deliveries deliveries, IOptions<ActivityPubOptions> options, TimeProvider time)
    {
        (_records, _notes, _actors, _documents, _remotes, _deliveries, _time) = (records, Actors.Notes(records), actors, documents, remotes, deliveries, time);
        Traits = new()
        {
            Network = options.Value.Network,
            Retry = RetrySafety.ClientChosenId,
            Audiences = [AudienceKind.Everyone, AudienceKind.Followers],
            CanUpdate = true,
            HasNames = true,
            NeedsToken = false,
        };
    }

    public PublisherTraits Traits { get; }

    public async Task<PublishOutcome> PublishAsync(Post post, Account account, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (await _actors.OfAsync(account.Owner, cancellationToken) is not { } actor)
        {
            return post.Withdrawn ? PublishOutcome.Sent(_actors.NoteIdOf(post.Key)) // his posts have gone with him
                : PublishOutcome.NeedsLogin("You take no part in the fediverse yet: connect.");
        }

        var note = await _notes.WriteAsync(new(actor.Name, post with { RemoteId = null }, _time.GetUtcNow()), cancellationToken);
        if (note is null)
        {
            return PublishOutcome.Refused("Another post has that key.");
        }

        if (note.Post.Revision == post.Revision)
        {
            await _deliveries.FanOutAsync(actor.Name, _documents.Activity(note), [], cancellationToken);
        }

        return PublishOutcome.Sent(_actors.NoteIdOf(post.Key), new Uri(_actors.NoteIdOf(post.Key)));
    }

    public async Task<IReadOnlyList<PostResponse>> ReadAsync(string remoteId, int count, Account account, CancellationToken cancellationToken)
    {
        List<PostResponse> found = [];
        if (_actors.KeyOf(remoteId) is { } key)
        {
            await foreach (var response in _records.ScanAsync(Actors.ResponsesTo(key), FederationJson.Default.PostResponse, cancellationToken))
            {
                found.Add(response.Value);
            }
        }

        return [.. found.OrderBy(static one => one.Kind).ThenBy(static one => one.At).Take(count)];
    }

    public async Task<PublishOutcome> RespondAsync(string remoteId, string? text, string key, Account account, CancellationToken cancellationToken)
    {
        if (await _actors.OfAsync(account.Owner, cancellationToken) is not { } actor || !Uri.TryCreate(remoteId, UriKind.Absolute, out var address))
        {
            return PublishOutcome.NeedsLogin("You take no part in the fediverse yet: connect.");
        }

        var name = Actors.Digest($"{actor.Name} {remoteId} {key}")[..32];
        if (_actors.KeyOf(remoteId) is { } ours)
        {
            return await RespondHereAsync(actor, ours, remoteId, text, name, cancellationToken);
        }

        var (document, _) = await _remotes.FetchAsync(address, actor, cancellationToken);
        var (author, _) = Uri.TryCreate(Xrpc.Text(document?["attributedTo"]), UriKind.Absolute, out var writer) ? await _remotes.FindAsync(writer, actor, anew: false, cancellationToken) : (null, false);
        if (author is null || Xrpc.Text(document!["id"]) != remoteId)
        {
            return PublishOutcome.Refused($"{address.Host} does not show that post.");
        }

        var activity = text is null ? _documents.About(actor.Name, "Announce", name, remoteId, author.Id, isPublic: true) : _documents.Activity(await ReplyAsync(actor, remoteId, text, name, cancellationToken));
        await _deliveries.FanOutAsync(actor.Name, activity, [author.Inbox], cancellationToken);
        return PublishOutcome.Sent(Xrpc.Text(activity["id"])!);
    }

    public async Task<Account> SignInAsync(Account account, CancellationToken cancellationToken)
    {
        var actor = await _actors.EnsureAsync(account.Owner, account.Name, cancellationToken);
        return account with { Name = $"@{actor.Name}@{new Uri(_actors.IdOf(actor.Name)).Authority}", Server = null };
    }

    async Task<StoredNote> ReplyAsync(StoredActor actor, string parent, string text, string name, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var link = new Uri(parent);
        var post = new Post { Key = name, Author = actor.Person, Text = text, Link = link, Resource = new() { Address = link, Name = "reply" }, Audience = Audience.Everyone, At = now };
        return (await _notes.WriteAsync(new(actor.Name, post, now, parent), cancellationToken))!;
    }

    /// <summary>A response of somebody here to a post of somebody here needs no delivery to its author.</summary>
    async Task<PublishOutcome> RespondHereAsync(StoredActor actor, string post, string remoteId, string? text, string name, CancellationToken cancellationToken)
    {
        if (await _notes.FindAsync(post, cancellationToken) is not { Post.Withdrawn: false } note)
        {
            return PublishOutcome.Refused("That post is not there.");
        }

        var activity = text is null
            ? _documents.About(actor.Name, "Announce", name, remoteId, _actors.IdOf(note.Actor), isPublic: true)
            : _documents.Activity(await ReplyAsync(actor, remoteId, text, name, cancellationToken));
        var id = text is null ? $"Announce {_actors.IdOf(actor.Name)}" : _actors.NoteIdOf(name);
        var response = new PostResponse
        {
            Kind = text is null ? PostResponseKind.Reshare : PostResponseKind.Comment, Id = id, Author = $"{actor.Name}@{new Uri(remoteId).Authority}", Text = text, At = _time.GetUtcNow(), Address = new Uri(_actors.IdOf(actor.Name)),
        };
        await _records.CommitAsync(new RecordBatch().Put(Actors.ResponseKey(post, id), response, FederationJson.Default.PostResponse, RecordBatch.Any), cancellationToken);
        await _deliveries.FanOutAsync(actor.Name, activity, [], cancellationToken);
        return PublishOutcome.Sent(Xrpc.Text(activity["id"])!);
    }
}
