using System.Security.Cryptography;
using System.Text;
using Sharing.Core;

namespace Sharing.Offline;

/// <summary>Our own social network in records. Thread-safe singleton.</summary>
/// <remarks>Records: <c>network-post/{id}</c> post or reshare, <c>network-by/{author}/{newest first}/{id}</c> what somebody shared or reshared,
/// <c>network-comment/{post}/{time}/{id}</c>, <c>network-comment-key/{post}/{author}/{key}</c>. A reader's right is asked for with each request, of the
/// original's audience: a reshare opens nothing.</remarks>
public sealed class RecordSocialNetwork(IRecordStore records, IRelationshipGraph graph, AudienceGate gate, IPeople people, TimeProvider time, Limits? limits = null)
    : ISocialNetwork
{
    const int MaxComments = 500;

    // How many entries one page looks at before it ends, with fewer posts than asked for if need be.
    const int MaxLooked = 1000;

    readonly SealedCursors _cursors = new(records, "feed");

    /// <inheritdoc/>
    public async Task<NetworkPost> PutAsync(PersonId actor, Post post, CancellationToken cancellationToken = default)
    {
        if (post.Author != actor)
        {
            throw new SharingException(ProblemCodes.NotAllowed, "Only the author publishes a post.");
        }

        if (post.Key.Length is 0 or > 64 || post.Key.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')))
        {
            throw Resources.Invalid("A post's key has 1 to 64 characters of A-Z a-z 0-9 - _.");
        }

        if (post.Revision < 1)
        {
            throw Resources.Invalid("Revisions count from 1.");
        }

        if (post.Text is null || post.Text.Length > ShareRequest.MaxTextLength)
        {
            throw Resources.Invalid($"A post has a text of at most {ShareRequest.MaxTextLength} characters.");
        }

        _ = post.Audience ?? throw Resources.Invalid("An audience is missing.");
        Resources.CheckAddress(post.Link ?? throw Resources.Invalid("A link is missing."));
        post = post with { Resource = Resources.Checked(post.Resource ?? throw Resources.Invalid("A resource is missing.")) };
        StoredNetworkPost stored = null!;
        await records.ChangeAsync(
            async batch =>
            {
                var before = await LoadAsync(post.Key, cancellationToken);
                if (before is not null && (before.Value.Author != actor || before.Value.OriginalId is not null))
                {
                    throw new SharingException(ProblemCodes.NotAllowed, "The key is taken.");
                }

                stored = before?.Value ?? new StoredNetworkPost { Id = post.Key, Author = actor, At = time.GetUtcNow() };
                if (post.Revision <= Math.Max(stored.Post?.Revision ?? 0, stored.Withdrawn))
                {
                    return false; // a repeat, or older than what is here
                }

                stored = post.Withdrawn ? stored with { Post = null, Withdrawn = post.Revision } : stored with { Post = post };
                batch.Put(StoredNetworkPost.KeyOf(post.Key), stored, OfflineJson.Default.StoredNetworkPost, before?.Version ?? RecordBatch.Absent);
                if (before is null)
                {
                    batch.Put(ByAuthor(stored), Marker.Value, OfflineJson.Default.Marker, RecordBatch.Any);
                }

                return true;
            },
            cancellationToken);
        return View(stored, stored with { Post = stored.Post ?? post });
    }

    /// <inheritdoc/>
    public async Task<FeedPage> FeedAsync(PersonId actor, string? cursor = null, int count = 20, CancellationToken cancellationToken = default)
    {
        Resources.CheckPage(count);
        var from = await _cursors.OpenAsync(actor, cursor, cancellationToken);
        var authors = await graph.RelatedAsync(actor, RelationshipKinds.Friend | RelationshipKinds.Follows, cancellationToken);
        var page = new List<NetworkPost>();
        var merge = new FeedMerge(records, [.. authors.Keys.Append(actor).Distinct()], from);
        PagePlace? last = null;
        for (var looked = 0; page.Count < count && looked < MaxLooked;)
        {
            var batch = await merge.TakeAsync(count, cancellationToken);
            looked += batch.Count;
            foreach (var (entry, original, at) in await VisibleAsync(actor, authors, batch, cancellationToken))
            {
                if (page.Count == count)
                {
                    return new FeedPage(await NamedAsync(page, cancellationToken), await _cursors.SealAsync(actor, last, cancellationToken));
                }

                page.Add(View(entry, original));
                last = at;
            }

            if (batch.Count < count)
            {
                return new FeedPage(await NamedAsync(page, cancellationToken), null);
            }

            last = batch[^1];
        }

        return new FeedPage(await NamedAsync(page, cancellationToken), await _cursors.SealAsync(actor, last, cancellationToken));
    }

    /// <summary>Those of some entries that a reader may see, each with its original.</summary>
    /// <param name="reader">Who reads.</param>
    /// <param name="related">All his friends, and all whom he follows: whoever is not among them is neither, so nothing more has to be asked.</param>
    /// <param name="entries">The entries.</param>
    /// <param name="cancellationToken">Gives up.</param>
    async Task<IReadOnlyList<(StoredNetworkPost Entry, StoredNetworkPost Original, PagePlace At)>> VisibleAsync(
        PersonId reader, IReadOnlyDictionary<PersonId, RelationshipKinds> related, IReadOnlyList<PagePlace> entries, CancellationToken cancellationToken)
    {
        var found = await LoadAllAsync(entries.Select(static at => at.Id), cancellationToken);
        var originals = await LoadAllAsync(found.Values.Select(static entry => entry.OriginalId).OfType<string>(), cancellationToken);
        var loaded = new List<(StoredNetworkPost Entry, StoredNetworkPost Original, PagePlace At)>();
        foreach (var at in entries)
        {
            if (found.TryGetValue(at.Id, out var entry) && (entry.OriginalId is null ? entry : originals.GetValueOrDefault(entry.OriginalId)) is { Post: not null } original)
            {
                loaded.Add((entry, original, at));
            }
        }

        var groups = loaded.SelectMany(static one => one.Original.Post!.Audience.GroupsOf(one.Original.Author)).ToHashSet();
        var memberOf = groups.Count > 0 ? await graph.GroupsAsync(reader, groups, cancellationToken) : null;
        return [.. loaded.Where(one => one.Original.Post!.Audience.Covers(one.Original.Author, reader, related.GetValueOrDefault(one.Original.Author), memberOf))];
    }

    /// <inheritdoc/>
    public async Task<NetworkThread?> ThreadAsync(PersonId? actor, string id, CancellationToken cancellationToken = default)
    {
        if (await OriginalAsync(actor, id, cancellationToken) is not { } original)
        {
            return null;
        }

        var comments = new Queue<NetworkComment>();
        await foreach (var comment in records.ScanAsync(
            RecordRange.Under("network-comment", original.Value.Id), OfflineJson.Default.NetworkComment, cancellationToken))
        {
            comments.Enqueue(comment.Value);
            if (comments.Count > MaxComments)
            {
                comments.Dequeue();
            }
        }

        var names = await people.FindAsync([.. comments.Select(c => c.Author)], cancellationToken);
        return new NetworkThread(
            (await NamedAsync([View(original.Value, original.Value)], cancellationToken))[0],
            [.. comments.Select(c => c with { AuthorName = names.GetValueOrDefault(c.Author)?.Name })]);
    }

    /// <inheritdoc/>
    public async Task<NetworkComment?> CommentAsync(
        PersonId actor, string id, string text, string key, CancellationToken cancellationToken = default)
    {
        text = text?.Trim() ?? "";
        if (text.Length is 0 or > NetworkComment.MaxTextLength || key.Length is 0 or > 200)
        {
            throw Resources.Invalid($"A comment has 1 to {NetworkComment.MaxTextLength} characters, its key 1 to 200.");
        }

        NetworkComment? comment = null;
        await records.ChangeAsync(
            async batch =>
            {
                comment = null;
                if (await OriginalAsync(actor, id, cancellationToken) is not { } post)
                {
                    return false;
                }

                var entry = RecordKey.Of("network-comment-key", post.Value.Id, actor.Value, Resources.KeyPart(key));
                if (await records.GetAsync(entry, OfflineJson.Default.NetworkComment, cancellationToken) is { } before)
                {
                    comment = before.Value.Text == text
                        ? before.Value
                        : throw new SharingException(ProblemCodes.KeyReused, "This key was used for another comment.");
                    return false;
                }

                await (limits?.SpendAsync(batch, actor, LimitedDoor.Comments, cancellationToken: cancellationToken) ?? default);
                comment = new NetworkComment { Id = PostId.New().Value, Author = actor, Text = text, At = time.GetUtcNow() };
                var place = RecordKey.Of(
                    "network-comment", post.Value.Id, RecordKey.Number(comment.At.ToUnixTimeMilliseconds()), comment.Id);
                batch.Put(place, comment, OfflineJson.Default.NetworkComment, RecordBatch.Absent)
                    .Put(entry, comment, OfflineJson.Default.NetworkComment, RecordBatch.Absent)
                    .Put(post.Key, post.Value with { Comments = post.Value.Comments + 1 }, OfflineJson.Default.StoredNetworkPost, post.Version);
                return true;
            },
            cancellationToken);
        return comment is null ? null : comment with { AuthorName = await NameAsync(actor, cancellationToken) };
    }

    /// <inheritdoc/>
    public async Task<NetworkPost?> ReshareAsync(PersonId actor, string id, CancellationToken cancellationToken = default)
    {
        if (await OriginalAsync(actor, id, cancellationToken) is not { } original)
        {
            return null;
        }

        // One reshare of a post for each person: its id follows from the two, and cannot be the key of a post, which has no dot.
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(original.Value.Id + "\n" + actor.Value));
        var entry = new StoredNetworkPost
        {
            Id = "r." + Convert.ToHexStringLower(hash)[..32],
            Author = actor,
            At = time.GetUtcNow(),
            OriginalId = original.Value.Id,
        };
        var batch = new RecordBatch()
            .Put(StoredNetworkPost.KeyOf(entry.Id), entry, OfflineJson.Default.StoredNetworkPost, RecordBatch.Absent)
            .Put(ByAuthor(entry), Marker.Value, OfflineJson.Default.Marker, RecordBatch.Any);
        if (!(await records.CommitAsync(batch, cancellationToken)).Committed)
        {
            entry = (await LoadAsync(entry.Id, cancellationToken))?.Value ?? entry;
        }

        return (await NamedAsync([View(entry, original.Value)], cancellationToken))[0];
    }

    /// <summary>The original of a post or reshare, if the viewer may see it.</summary>
    async Task<Versioned<StoredNetworkPost>?> OriginalAsync(PersonId? viewer, string id, CancellationToken cancellationToken)
    {
        if (id.Length is 0 or > 64)
        {
            return null;
        }

        var found = await LoadAsync(id, cancellationToken);
        if (found?.Value.OriginalId is { } originalId)
        {
            found = await LoadAsync(originalId, cancellationToken);
        }

        return found?.Value.Post is { } post && await gate.MaySeeAsync(viewer, found.Value.Author, post.Audience, cancellationToken) ? found : null;
    }

    ValueTask<Versioned<StoredNetworkPost>?> LoadAsync(string id, CancellationToken cancellationToken) =>
        records.GetAsync(StoredNetworkPost.KeyOf(id), OfflineJson.Default.StoredNetworkPost, cancellationToken);

    async ValueTask<Dictionary<string, StoredNetworkPost>> LoadAllAsync(IEnumerable<string> ids, CancellationToken cancellationToken) =>
        (await records.GetAllAsync([.. ids.Distinct(StringComparer.Ordinal).Select(StoredNetworkPost.KeyOf)], OfflineJson.Default.StoredNetworkPost, cancellationToken))
        .Where(static one => one is not null).ToDictionary(static one => one!.Value.Id, static one => one!.Value, StringComparer.Ordinal);

    internal static RecordKey ByAuthor(StoredNetworkPost post) =>
        RecordKey.Of("network-by", post.Author.Value, RecordKey.Descending(post.At.ToUnixTimeMilliseconds()), post.Id);

    static NetworkPost View(StoredNetworkPost entry, StoredNetworkPost original)
    {
        var post = original.Post!;
        return new NetworkPost
        {
            Id = entry.Id,
            Author = original.Author,
            Text = post.Text,
            Link = post.Link,
            Resource = post.Resource,
            Audience = post.Audience.Kind,
            At = entry.At,
            Revision = post.Revision,
            OriginalId = entry.OriginalId,
            ResharedBy = entry.OriginalId is null ? null : entry.Author,
            Comments = original.Comments,
        };
    }

    async Task<IReadOnlyList<NetworkPost>> NamedAsync(IReadOnlyList<NetworkPost> posts, CancellationToken cancellationToken)
    {
        var ids = posts.Select(p => p.Author).Concat(posts.Where(p => p.ResharedBy is not null).Select(p => p.ResharedBy!.Value)).ToHashSet();
        var found = ids.Count > 0 ? await people.FindAsync(ids, cancellationToken) : new Dictionary<PersonId, Person>();
        return [.. posts.Select(p => p with
        {
            AuthorName = found.GetValueOrDefault(p.Author)?.Name,
            ResharedByName = p.ResharedBy is { } by ? found.GetValueOrDefault(by)?.Name : null,
        })];
    }

    async Task<string?> NameAsync(PersonId person, CancellationToken cancellationToken) =>
        (await people.FindAsync([person], cancellationToken)).GetValueOrDefault(person)?.Name;
}
