using System.Security.Cryptography;
using System.Text.Json;
using Sharing.Core;

namespace Sharing.Offline;

/// <summary>Posts in records. One commit makes the post, its ledger, the work to publish it at each network, and the work to keep its resource.</summary>
/// <remarks>Records: <c>post/{id}</c>, <c>post-by/{owner}/{newest first}/{id}</c>, <c>post-key/{owner}/{key}</c>, <c>post-of/{resource}/{id}</c>,
/// <c>ledger/{id}/{network}</c>.</remarks>
public sealed class RecordPosts(
    IRecordStore records, Outbox outbox, KeepWork keepWork, IOfflineStore library, AudienceGate gate, IShareLinks links, TimeProvider time, Limits? limits = null)
    : IPosts
{
    const int MaxRequestLength = Record.MaxJsonLength * 3 / 4; // what is told of the resource later needs room, too

    readonly SealedCursors _cursors = new(records, "posts");

    /// <inheritdoc/>
    public async Task<SharedPost> ShareAsync(PersonId actor, ShareRequest request, CancellationToken cancellationToken = default)
    {
        request = Checked(request);
        var digest = DigestOf(request);
        StoredPost? post = null;
        await records.ChangeAsync(
            async batch =>
            {
                if (request.Key is { } key)
                {
                    var entry = RecordKey.Of("post-key", actor.Value, Resources.KeyPart(key));
                    if (await records.GetAsync(entry, OfflineJson.Default.PostKeyEntry, cancellationToken) is { } before)
                    {
                        post = (await LoadAsync(before.Value.Id, cancellationToken))?.Value;
                        return before.Value.Digest == digest && post is not null
                            ? false
                            : throw new SharingException(ProblemCodes.KeyReused, "This key was used for another share.");
                    }

                    post = NewPost(actor, request);
                    batch.Put(entry, new PostKeyEntry(post.Id, digest), OfflineJson.Default.PostKeyEntry, RecordBatch.Absent);
                }

                await (limits?.SpendAsync(batch, actor, LimitedDoor.Posts, cancellationToken: cancellationToken) ?? default);
                post ??= NewPost(actor, request);
                await AddAsync(batch, post, cancellationToken);
                return true;
            },
            cancellationToken);
        return await ViewAsync(actor, post!, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<SharedPost?> UpdateAsync(PersonId actor, PostId id, Resource resource, CancellationToken cancellationToken = default)
    {
        resource = Resources.Checked(resource);
        StoredPost? changed = null;
        await records.ChangeAsync(
            async batch =>
            {
                changed = null;
                if (await LoadAsync(id, cancellationToken) is not { } found || found.Value.Owner != actor)
                {
                    return false;
                }

                changed = found.Value;
                var told = changed.Resource with
                {
                    Length = resource.Length ?? changed.Resource.Length,
                    MediaType = resource.MediaType ?? changed.Resource.MediaType,
                    ContentId = resource.ContentId ?? changed.Resource.ContentId,
                    More = resource.More ?? changed.Resource.More,
                };
                if (told == changed.Resource with { More = told.More } && Resources.IsSame(told.More, changed.Resource.More))
                {
                    return false;
                }

                changed = changed with { Resource = told, Revision = changed.Revision + 1 };
                batch.Put(found.Key, changed, OfflineJson.Default.StoredPost, found.Version);
                await outbox.ScheduleAsync(batch, changed, cancellationToken);
                return true;
            },
            cancellationToken);
        return changed is null ? null : await ViewAsync(actor, changed, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<SharedPost?> FindAsync(PersonId? actor, PostId id, CancellationToken cancellationToken = default) =>
        await LoadAsync(id, cancellationToken) is { Value: var post }
        && await gate.MaySeeAsync(actor, post.Owner, post.Audience, cancellationToken)
            ? await ViewAsync(actor, post, cancellationToken)
            : null;

    /// <inheritdoc/>
    public async Task<PostPage> ListAsync(PersonId actor, string? cursor = null, int count = 20, CancellationToken cancellationToken = default)
    {
        Resources.CheckPage(count);
        var range = RecordRange.Under("post-by", actor.Value);
        if (await _cursors.OpenAsync(actor, cursor, cancellationToken) is { } after)
        {
            range = range.After(RecordKey.Of("post-by", actor.Value, after.Order, after.Id));
        }

        var page = new List<SharedPost>();
        PagePlace? last = null;
        await foreach (var record in records.ScanAsync(range, cancellationToken))
        {
            if (page.Count == count)
            {
                return new PostPage(page, await _cursors.SealAsync(actor, last, cancellationToken));
            }

            last = PagePlace.Of(record.Key);
            if (await LoadAsync(PostId.Parse(last.Value.Id), cancellationToken) is { } post)
            {
                page.Add(await ViewAsync(actor, post.Value, cancellationToken));
            }
        }

        return new PostPage(page, null);
    }

    /// <inheritdoc/>
    public async Task<bool> WithdrawAsync(PersonId actor, PostId id, CancellationToken cancellationToken = default) =>
        await records.ChangeAsync(
            async batch =>
            {
                if (await LoadAsync(id, cancellationToken) is not { } found || found.Value.Owner != actor)
                {
                    return false;
                }

                var withdrawn = found.Value with { Withdrawn = true, Revision = found.Value.Revision + 1 };
                batch.Put(found.Key, withdrawn, OfflineJson.Default.StoredPost, found.Version);
                await outbox.ScheduleAsync(batch, withdrawn, cancellationToken);
                return true;
            },
            cancellationToken);

    static ShareRequest Checked(ShareRequest request)
    {
        var resource = Resources.Checked(request.Resource ?? throw Resources.Invalid("A resource is missing."));
        _ = request.Audience ?? throw Resources.Invalid("An audience is missing.");
        var text = string.IsNullOrWhiteSpace(request.Text) ? resource.Name : request.Text.Trim();
        if (text.Length > ShareRequest.MaxTextLength)
        {
            throw Resources.Invalid($"A text has at most {ShareRequest.MaxTextLength} characters.");
        }

        if (request.Key is { Length: 0 or > 200 })
        {
            throw Resources.Invalid("A key has 1 to 200 characters.");
        }

        return request with { Resource = resource, Text = text };
    }

    /// <summary>Tells one request from another; refuses what would not fit into a record.</summary>
    static string DigestOf(ShareRequest request)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(request, OfflineJson.Default.ShareRequest);
        return json.Length <= MaxRequestLength
            ? Convert.ToHexStringLower(SHA256.HashData(json))
            : throw Resources.Invalid("That is more than a post can hold.");
    }

    StoredPost NewPost(PersonId actor, ShareRequest request) => new()
    {
        Id = PostId.New(time.GetUtcNow()),
        Owner = actor,
        Resource = request.Resource,
        Audience = request.Audience,
        Text = request.Text!,
        At = time.GetUtcNow(),
    };

    async Task AddAsync(RecordBatch batch, StoredPost post, CancellationToken cancellationToken)
    {
        batch.Put(StoredPost.KeyOf(post.Id), post, OfflineJson.Default.StoredPost, RecordBatch.Absent)
            .Put(ByOwner(post), Marker.Value, OfflineJson.Default.Marker, RecordBatch.Absent)
            .Put(LandedWork.PlaceOf(ResourceId.Of(post.Resource.Address), post.Id), Marker.Value, OfflineJson.Default.Marker, RecordBatch.Absent);
        await outbox.ScheduleAsync(batch, post, cancellationToken);
        await keepWork.ScheduleAsync(batch, post.Id, cancellationToken);
    }

    internal static RecordKey ByOwner(StoredPost post) =>
        RecordKey.Of("post-by", post.Owner.Value, RecordKey.Descending(post.At.ToUnixTimeMilliseconds()), post.Id.Value);

    async Task<Versioned<StoredPost>?> LoadAsync(PostId id, CancellationToken cancellationToken) =>
        await records.GetAsync(StoredPost.KeyOf(id), OfflineJson.Default.StoredPost, cancellationToken) is { Value.Withdrawn: false } post ? post : null;

    async Task<SharedPost> ViewAsync(PersonId? actor, StoredPost post, CancellationToken cancellationToken) => new()
    {
        Id = post.Id,
        Owner = post.Owner,
        Resource = post.Resource,
        Audience = actor == post.Owner || post.Audience.Kind != AudienceKind.Named ? post.Audience : Audience.Of(actor!.Value),
        Text = post.Text,
        Link = links.Of(post.Id),
        At = post.At,
        Revision = post.Revision,
        Library = (await library.FindAsync(post.Owner, ResourceId.Of(post.Resource.Address), cancellationToken))?.State,
        Ledger = actor == post.Owner ? await outbox.LedgerAsync(post.Id, cancellationToken) : null,
    };
}
