using System.Runtime.CompilerServices;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>The friends' side, from the records. Thread-safe singleton.</summary>
sealed class RecordEntries(IRecordStore records, PhotoBook book, GrantBook grants, GrantDoors doors, Pictures pictures, IRelationshipGraph graph, TimeProvider time) : IPhotoEntries
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<GrantView> ListAsync(PersonId actor, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var id in grants.ToAsync(actor, cancellationToken))
        {
            if (await FindAsync(new(actor), id, cancellationToken) is { } grant && await ShowAsync(id, grant.Value, cancellationToken) is { } view)
            {
                yield return view;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<GrantView?> OpenAsync(GrantVisitor actor, GrantId id, CancellationToken cancellationToken = default)
    {
        if (await FindAsync(actor, id, cancellationToken) is not { } grant || await ShowAsync(id, grant.Value, cancellationToken) is not { } view)
        {
            return null;
        }

        await NoteAsync(id, static (stored, now) => stored.Opened is null ? stored with { Opened = now } : null, cancellationToken);
        return view;
    }

    /// <inheritdoc/>
    public async Task<GrantedBytes?> OpenPhotoAsync(GrantVisitor actor, GrantId id, PhotoId photo, int? preview, CancellationToken cancellationToken = default)
    {
        if (await EnterAsync(actor, id, cancellationToken) is not var (grant, closed) || await FindPhotoAsync(grant.Value, photo, cancellationToken) is not var (stored, _))
        {
            return null;
        }

        if (await pictures.OpenAsync(photo, stored, preview, grant.Value.Metadata, closed, cancellationToken) is not { } bytes)
        {
            return null;
        }

        if (preview is null)
        {
            await NoteAsync(id, static (noted, _) => noted with { Downloads = noted.Downloads + 1 }, cancellationToken);
        }

        return bytes with
        {
            Content = new WatchedReader(
                bytes.Content, async token => await FindAsync(actor, id, token) is { } still && await FindPhotoAsync(still.Value, photo, token) is not null, time),
        };
    }

    /// <inheritdoc/>
    public async Task<GrantedBytes?> OpenArchiveAsync(GrantVisitor actor, GrantId id, IReadOnlyCollection<PhotoId> some, CancellationToken cancellationToken = default)
    {
        if (await EnterAsync(actor, id, cancellationToken) is not var (grant, closed) || await ShowAsync(id, grant.Value, cancellationToken) is not { } view)
        {
            return null;
        }

        var (files, metadata) = (new List<ArchivedFile>(), grant.Value.Metadata);
        var sources = new Dictionary<ContentId, (PhotoId Photo, ContentId Original, ContentInfo Given)>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var photo in view.Photos.Where(photo => some.Count == 0 || some.Contains(photo.Id)))
        {
            if (await book.FindAsync(photo.Id, cancellationToken) is not { Value: var stored })
            {
                continue;
            }

            var picture = (await pictures.FindAsync(stored.Content.Id, cancellationToken))?.Value;
            var name = Pictures.FileNameOf(photo.Id, stored, picture, metadata);
            var given = metadata == CopyMetadata.All ? new(stored.Content, await pictures.Crc32Async(stored.Content.Id, cancellationToken)) : Pictures.CopyOf(picture, metadata);
            if (given is not null)
            {
                sources[given.Content.Id] = (photo.Id, stored.Content.Id, given.Content);
                files.Add(new(OnlyName.Of(name, names), given.Content, given.Crc32, stored.Created.UtcDateTime));
            }
        }

        await NoteAsync(id, static (noted, _) => noted with { Downloads = noted.Downloads + 1 }, cancellationToken);
        var archive = new WatchedReader(new ZipReader(new(files), OpenAsync), async token => await FindAsync(actor, id, token) is not null, time);
        return new(archive, $"{FileName.From(view.Folder) ?? "photos"}.zip", "application/zip", closed);

        async ValueTask<IContentReader?> OpenAsync(ContentId content, CancellationToken token)
        {
            var (photo, original, copy) = sources[content];
            return await FindAsync(actor, id, token) is not { } still || await FindPhotoAsync(still.Value, photo, token) is null ? null
                : await pictures.OpenCopyAsync(original, metadata, copy, token);
        }
    }

    /// <summary>A grant that is open for a visitor, and what ends when it closes. Looked at once more behind the door: what closes it from then on is heard. Whoever guesses leaves no door behind.</summary>
    async ValueTask<(Versioned<StoredGrant> Grant, CancellationToken Closed)?> EnterAsync(GrantVisitor visitor, GrantId id, CancellationToken cancellationToken)
    {
        if (await FindAsync(visitor, id, cancellationToken) is null)
        {
            return null;
        }

        var closed = doors.Of(id);
        return await FindAsync(visitor, id, cancellationToken) is { } grant ? (grant, closed) : null;
    }

    /// <summary>A grant that is open for a visitor.</summary>
    public async ValueTask<Versioned<StoredGrant>?> FindAsync(GrantVisitor visitor, GrantId id, CancellationToken cancellationToken)
    {
        if (await grants.FindAsync(id, cancellationToken) is not { } grant || grant.Value.Until <= time.GetUtcNow())
        {
            return null;
        }

        if (grant.Value.Friend is not { } friend)
        {
            return grant.Value.Address == visitor.Address ? grant : null;
        }

        return friend == visitor.Person && await AreFriendsAsync(friend, grant.Value.Owner, cancellationToken) ? grant : null;
    }

    /// <summary>Asked each time: who is the owner's friend no longer sees nothing (row F11).</summary>
    async ValueTask<bool> AreFriendsAsync(PersonId friend, PersonId owner, CancellationToken cancellationToken) =>
        Audience.Friends.Covers(owner, friend, (await graph.BetweenAsync(friend, [owner], cancellationToken)).GetValueOrDefault(owner));

    /// <summary>What a grant shows to the one whom it is for; <c>null</c>: its folder has gone.</summary>
    public async ValueTask<GrantView?> ShowAsync(GrantId id, StoredGrant grant, CancellationToken cancellationToken)
    {
        var folder = grant.Folder is { } named ? await book.FindLiveAsync(named, cancellationToken) : null;
        if (grant.Folder is not null && folder is null)
        {
            return null;
        }

        var photos = new List<GrantedPhoto>();
        await foreach (var photo in PhotosOfAsync(grant, cancellationToken))
        {
            if (await book.FindLiveAsync(photo, cancellationToken) is var (stored, expires))
            {
                var picture = (await pictures.FindAsync(stored.Value.Content.Id, cancellationToken))?.Value;
                if (!Pictures.MayBeCopied(picture, grant.Metadata))
                {
                    continue;
                }

                photos.Add(new()
                {
                    Id = photo, Name = grant.Metadata == CopyMetadata.None ? Pictures.NeutralName(photo) : stored.Value.Name,
                    Length = (Pictures.CopyOf(picture, grant.Metadata)?.Content ?? stored.Value.Content).Length, MediaType = picture?.Header?.Format.MediaType, Width = picture?.Header?.ShownWidth,
                    Height = picture?.Header?.ShownHeight, Expires = expires, Previews = picture?.State ?? PreviewState.Pending, ThumbHash = picture?.ThumbHash,
                });
            }
        }

        var ends = photos.Select(static photo => (DateTimeOffset?)photo.Expires).Append(grant.Until).Append(folder?.Value.Until).Min();
        return new() { Id = id, From = grant.Owner, Created = grant.Created, Expires = ends, Folder = folder?.Value.Name, Metadata = grant.Metadata, Photos = photos };
    }

    IAsyncEnumerable<PhotoId> PhotosOfAsync(StoredGrant grant, CancellationToken cancellationToken) =>
        grant.Folder is { } folder ? book.IdsAsync(PhotoKeys.In(folder), cancellationToken) : grant.Photos.ToAsyncEnumerable();

    async ValueTask<(StoredPhoto Photo, DateTimeOffset Expires)?> FindPhotoAsync(StoredGrant grant, PhotoId id, CancellationToken cancellationToken) =>
        await book.FindLiveAsync(id, cancellationToken) is var (photo, expires) && photo.Value.Owner == grant.Owner
            && (grant.Folder is { } folder ? photo.Value.Folder == folder : grant.Photos.Contains(id))
            && Pictures.MayBeCopied((await pictures.FindAsync(photo.Value.Content.Id, cancellationToken))?.Value, grant.Metadata) ? (photo.Value, expires) : null;

    /// <summary>Writes down what the friend did, for the owner. Whoever looks does not wait for others who look: a note that is lost costs nothing else.</summary>
    async ValueTask NoteAsync(GrantId id, Func<StoredGrant, DateTimeOffset, StoredGrant?> note, CancellationToken cancellationToken)
    {
        if (await grants.FindAsync(id, cancellationToken) is { } grant && note(grant.Value, time.GetUtcNow()) is { } noted)
        {
            var batch = new RecordBatch();
            GrantBook.Put(batch, id, noted, grant);
            await records.CommitAsync(batch, cancellationToken);
        }
    }
}
