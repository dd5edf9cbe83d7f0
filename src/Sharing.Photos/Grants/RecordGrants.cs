using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>Grants in records. Thread-safe singleton.</summary>
sealed class RecordGrants(IRecordStore records, PhotoBook book, Pictures pictures, GrantBook grants, GrantNotices notices, GrantDoors doors, IRelationshipGraph graph, Limits limits, IOptions<PhotoOptions> options, TimeProvider time) : IPhotoGrants
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<Grant>> GrantAsync(PersonId actor, GrantRequest request, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var until = options.Value.EndOf(request.ValidFor, now);
        var photos = request.Photos.Distinct().ToList();
        var friends = request.Friends.Distinct().ToList();
        var addresses = request.Addresses.Select(static address => address.ToLowerInvariant()).Distinct(StringComparer.Ordinal).ToList();
        if (request.Folder is null == (photos.Count == 0) || photos.Count > GrantRequest.MostPhotos || friends.Count + addresses.Count is 0 or > GrantRequest.MostRecipients)
        {
            throw new SharingException(
                ProblemCodes.InvalidInput, $"A grant is for 1 to {GrantRequest.MostRecipients} friends, and names a folder or 1 to {GrantRequest.MostPhotos} photos.");
        }

        if (addresses.Find(static address => !MailAddress.Fits(address)) is not null)
        {
            throw new SharingException(ProblemCodes.InvalidInput, "That is no mail address.");
        }

        await RequireOwnAsync(actor, photos, request.Folder, request.Metadata, cancellationToken);
        await RequireFriendsAsync(actor, friends, cancellationToken);
        var made = friends.Select(static friend => (Friend: (PersonId?)friend, Address: default(string))).Concat(addresses.Select(static address => (Friend: default(PersonId?), Address: (string?)address)))
            .Select(to => (Id: GrantId.New(), Grant: new StoredGrant(actor, to.Friend, to.Address, photos, request.Folder, now, until) { Metadata = request.Metadata })).ToList();
        await records.ChangeAsync(
            async batch =>
            {
                await limits.SpendAsync(batch, actor, LimitedDoor.MailsToStrangers, addresses.Count, cancellationToken);
                foreach (var (id, grant) in made)
                {
                    GrantBook.Put(batch, id, grant);
                    await notices.ScheduleAsync(batch, id, cancellationToken);
                }

                return true;
            },
            cancellationToken);
        return [.. made.Select(static one => one.Grant.Show(one.Id))];
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Grant> ListAsync(PersonId actor, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var id in grants.OfAsync(actor, cancellationToken))
        {
            if (await grants.FindAsync(id, cancellationToken) is { } grant)
            {
                yield return grant.Value.Show(id);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<Grant?> ExtendAsync(PersonId actor, GrantId id, DateTimeOffset? expires, CancellationToken cancellationToken = default)
    {
        options.Value.Check(new() { Expires = expires }, time.GetUtcNow());
        var changed = await ChangeAsync(actor, id, (batch, grant) => GrantBook.Put(batch, id, grant.Value with { Until = expires }, grant), cancellationToken);
        return changed ? (await grants.FindAsync(id, cancellationToken))?.Value.Show(id) : null;
    }

    /// <inheritdoc/>
    public async Task<bool> RevokeAsync(PersonId actor, GrantId id, CancellationToken cancellationToken = default)
    {
        var revoked = await ChangeAsync(actor, id, (batch, grant) => GrantBook.Delete(batch, id, grant), cancellationToken);
        if (revoked)
        {
            doors.Close(id);
        }

        return revoked;
    }

    Task<bool> ChangeAsync(PersonId actor, GrantId id, Action<RecordBatch, Versioned<StoredGrant>> change, CancellationToken cancellationToken) => records.ChangeAsync(
        async batch =>
        {
            if (await grants.FindAsync(id, cancellationToken) is not { } grant || grant.Value.Owner != actor)
            {
                return false;
            }

            change(batch, grant);
            return true;
        },
        cancellationToken);

    async ValueTask RequireOwnAsync(PersonId actor, IEnumerable<PhotoId> photos, FolderId? folder, CopyMetadata metadata, CancellationToken cancellationToken)
    {
        foreach (var id in photos)
        {
            if (await book.FindLiveAsync(id, cancellationToken) is not var (photo, _) || photo.Value.Owner != actor)
            {
                throw new SharingException(ProblemCodes.NotFound, "There is no such photo.");
            }

            if (!Pictures.MayBeCopied((await pictures.FindAsync(photo.Value.Content.Id, cancellationToken))?.Value, metadata))
            {
                throw new SharingException(ProblemCodes.InvalidInput, $"Nothing can be taken out of the photo {id}: it can be shown with everything that is in it, or not at all.");
            }
        }

        if (folder is { } named && (await book.FindLiveAsync(named, cancellationToken))?.Value.Owner != actor)
        {
            throw new SharingException(ProblemCodes.NotFound, "There is no such folder.");
        }
    }

    async ValueTask RequireFriendsAsync(PersonId actor, IReadOnlyCollection<PersonId> people, CancellationToken cancellationToken)
    {
        var related = people.Count > 0 ? await graph.BetweenAsync(actor, people, cancellationToken) : new Dictionary<PersonId, RelationshipKinds>();
        if (people.Any(person => !related.GetValueOrDefault(person).HasFlag(RelationshipKinds.Friend)))
        {
            throw new SharingException(ProblemCodes.NotAllowed, "Photos are shown to friends, and to mail addresses.");
        }
    }
}
