using System.Runtime.CompilerServices;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>A person's photos and folders at a photo server, whom he shows them to, and what is shown to him.</summary>
sealed class PhotosPersonalData(
    IRecordStore records, PhotoBook book, Pictures pictures, GrantBook grants, GrantNotices notices, EntryCodes codes, GrantDoors doors, RecordEntries entries, IPeople people) : IPersonalData
{
    const int AtOnce = 50;

    public string Name => "photos";

    public IReadOnlyCollection<string> RecordKinds =>
    [
        "photo", "photo-of", "photo-age", "photo-in", "photo-from", "photo-due", "photo-known", "photo-folder", "photo-folder-of", "photo-folder-due", "photo-folder-gone", "picture",
        "grant", "grant-of", "grant-to", "grant-in", "grant-due", "grant-gone", "grant-code",
    ];

    public async Task ExportAsync(PersonId person, IPersonalArchive archive, CancellationToken cancellationToken)
    {
        await archive.AddListAsync("photos", PhotosAsync(person, cancellationToken).Select(ShowAsync), PersonalJson.Default.PersonalPhoto, cancellationToken);
        await archive.AddListAsync("folders", FoldersAsync(person, cancellationToken).Select(static one => new PersonalFolder(FolderId.Parse(one.Key.Part(0)), one.Value)), PersonalJson.Default.PersonalFolder, cancellationToken);
        await archive.AddListAsync("shown-to-others", GrantsAsync(grants.OfAsync(person, cancellationToken), cancellationToken).Select(static one => one.Grant.Show(one.Id)), PhotosJson.Default.Grant, cancellationToken);
        var address = await AddressAsync(person, cancellationToken);
        var visitor = new GrantVisitor(person, address);
        await archive.AddListAsync(
            "shown-by-others", GrantsAsync(GrantedAsync(person, address, cancellationToken), cancellationToken).Select((one, token) => ShowAsync(visitor, one.Id, one.Grant, token)), PersonalJson.Default.PersonalShown, cancellationToken);
        await foreach (var photo in PhotosAsync(person, cancellationToken))
        {
            var folder = photo.Value.Folder is { } inside ? (await book.FindAsync(inside, cancellationToken))?.Value.Name : null;
            await archive.AddContentAsync(folder is null ? [photo.Value.FileName] : [folder, photo.Value.FileName], photo.Value.Content.Id, photo.Value.Created, cancellationToken);
        }
    }

    public async Task<bool> EraseAsync(PersonId person, DateTimeOffset since, CancellationToken cancellationToken)
    {
        // First of all, while it is known which address is his.
        var address = await AddressAsync(person, cancellationToken);
        await EndAsync(GrantedAsync(person, address, cancellationToken), grant => grant.Friend == person || (address is not null && grant.Address == address), cancellationToken);
        await EndAsync(grants.OfAsync(person, cancellationToken), grant => grant.Owner == person, cancellationToken);
        await foreach (var folder in FoldersAsync(person, cancellationToken))
        {
            await book.DeleteFolderAsync(FolderId.Parse(folder.Key.Part(0)), one => one.Owner == person, null, cancellationToken);
        }

        await foreach (var gone in records.ScanAsync(PhotoKeys.AllGone, PhotoRecords.Default.String, cancellationToken).Where(gone => gone.Value == person.Value))
        {
            await book.EmptyAsync(person, FolderId.Parse(gone.Key.Part(0)), null, cancellationToken);
        }

        await foreach (var some in book.IdsAsync(PhotoKeys.Of(person), cancellationToken).Chunk(AtOnce).WithCancellation(cancellationToken))
        {
            await book.DeleteAsync(person, some, static _ => true, null, cancellationToken);
        }

        await pictures.RetireAllAsync(cancellationToken);
        await grants.ForgetGoneAsync(cancellationToken);

        // What others did meanwhile, and uploads that have just ended.
        return !await book.IdsAsync(PhotoKeys.Of(person), cancellationToken).AnyAsync(cancellationToken) && !await FoldersAsync(person, cancellationToken).AnyAsync(cancellationToken)
            && !await grants.OfAsync(person, cancellationToken).AnyAsync(cancellationToken) && !await GrantedAsync(person, address, cancellationToken).AnyAsync(cancellationToken);
    }

    /// <summary>The mail address by which others may have named him, spelled as in grants.</summary>
    async ValueTask<string?> AddressAsync(PersonId person, CancellationToken cancellationToken) =>
        (await people.FindAsync([person], cancellationToken)).GetValueOrDefault(person)?.Mail?.ToLowerInvariant();

    async IAsyncEnumerable<Versioned<StoredPhoto>> PhotosAsync(PersonId person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var id in book.IdsAsync(PhotoKeys.Of(person), cancellationToken))
        {
            if (await book.FindAsync(id, cancellationToken) is { } photo)
            {
                yield return photo;
            }
        }
    }

    async IAsyncEnumerable<Versioned<StoredFolder>> FoldersAsync(PersonId person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in records.ScanAsync(PhotoKeys.FoldersOf(person), PhotoRecords.Default.String, cancellationToken))
        {
            if (await book.FindAsync(FolderId.Parse(entry.Value), cancellationToken) is { } folder)
            {
                yield return folder;
            }
        }
    }

    /// <summary>What is shown to him, as a friend or by his address.</summary>
    IAsyncEnumerable<GrantId> GrantedAsync(PersonId person, string? address, CancellationToken cancellationToken) =>
        address is null ? grants.ToAsync(person, cancellationToken) : grants.ToAsync(person, cancellationToken).Concat(grants.AddressedAsync(address, cancellationToken));

    async IAsyncEnumerable<(GrantId Id, StoredGrant Grant)> GrantsAsync(IAsyncEnumerable<GrantId> ids, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var id in ids.WithCancellation(cancellationToken))
        {
            if (await grants.FindAsync(id, cancellationToken) is { } grant)
            {
                yield return (id, grant.Value);
            }
        }
    }

    /// <summary>What is known of the bytes is given, but not how many others have the same.</summary>
    async ValueTask<PersonalPhoto> ShowAsync(Versioned<StoredPhoto> photo, CancellationToken cancellationToken)
    {
        var picture = (await pictures.FindAsync(photo.Value.Content.Id, cancellationToken))?.Value;
        return new(PhotoId.Parse(photo.Key.Part(0)), photo.Value, picture?.Header, picture?.ThumbHash);
    }

    /// <summary>The photos are named only where he may still see them.</summary>
    async ValueTask<PersonalShown> ShowAsync(GrantVisitor visitor, GrantId id, StoredGrant grant, CancellationToken cancellationToken) => new(
        id, grant.Owner, grant.Address, grant.Created, grant.Until, grant.Opened, grant.Downloads,
        await entries.FindAsync(visitor, id, cancellationToken) is { } open ? (await entries.ShowAsync(id, open.Value, cancellationToken))?.Photos : null);

    /// <summary>Closes grants, with the notices and codes that are to be sent for them, and breaks off what is being sent.</summary>
    async Task EndAsync(IAsyncEnumerable<GrantId> ids, Func<StoredGrant, bool> isHis, CancellationToken cancellationToken)
    {
        await foreach (var id in ids.WithCancellation(cancellationToken))
        {
            await records.ChangeAsync(
                async batch =>
                {
                    if (await grants.FindAsync(id, cancellationToken) is not { } grant || !isHis(grant.Value))
                    {
                        return false;
                    }

                    GrantBook.Delete(batch, id, grant);
                    await notices.Queue.RemoveAsync(batch, id.Value, cancellationToken);
                    await codes.Queue.RemoveAsync(batch, id.Value, cancellationToken);
                    return true;
                },
                cancellationToken);
            doors.Close(id);
        }
    }
}
