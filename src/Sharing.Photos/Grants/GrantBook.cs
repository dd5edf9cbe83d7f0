using Sharing.Core;

namespace Sharing.Photos;

/// <summary>Grants in records: <c>grant/{id}</c>, and the indexes <c>grant-of/{owner}</c>, <c>grant-to/{friend}</c> with the newest first, and
/// <c>grant-in/{photo or folder}/{id}</c> and <c>grant-due/{end}/{id}</c>, whose values are the ids; and <c>grant-gone/{photo or folder}</c> for what has gone since. Decides nothing. Thread-safe singleton.</summary>
sealed class GrantBook(IRecordStore records)
{
    public ValueTask<Versioned<StoredGrant>?> FindAsync(GrantId id, CancellationToken cancellationToken) => records.GetAsync(KeyOf(id), GrantRecords.Default.StoredGrant, cancellationToken);

    public IAsyncEnumerable<GrantId> OfAsync(PersonId owner, CancellationToken cancellationToken) => IdsAsync(RecordRange.Under("grant-of", owner.Value), cancellationToken);

    public IAsyncEnumerable<GrantId> ToAsync(PersonId friend, CancellationToken cancellationToken) => IdsAsync(RecordRange.Under("grant-to", friend.Value), cancellationToken);

    /// <summary>The grants for a mail address. Looks at all that there are.</summary>
    public IAsyncEnumerable<GrantId> AddressedAsync(string address, CancellationToken cancellationToken) =>
        records.ScanAsync(RecordRange.Under("grant"), GrantRecords.Default.StoredGrant, cancellationToken).Where(grant => grant.Value.Address == address).Select(static grant => GrantId.Parse(grant.Key.Part(0)));

    /// <summary>Who can see a photo, by the grants that name it or its folder.</summary>
    public async ValueTask<IReadOnlyList<string>> SharedWithAsync(PhotoId id, StoredPhoto photo, CancellationToken cancellationToken)
    {
        var recipients = new SortedSet<string>(StringComparer.Ordinal);
        string?[] named = [id.Value, photo.Folder?.Value];
        foreach (var part in named.OfType<string>())
        {
            await foreach (var grant in IdsAsync(RecordRange.Under("grant-in", part), cancellationToken))
            {
                if (await FindAsync(grant, cancellationToken) is { } found)
                {
                    recipients.Add(found.Value.Address ?? found.Value.Friend!.Value.Value);
                }
            }
        }

        return [.. recipients];
    }

    /// <summary>Adds to a batch what writes a grant, where there was this one before.</summary>
    public static void Put(RecordBatch batch, GrantId id, StoredGrant grant, Versioned<StoredGrant>? before = null)
    {
        batch.Put(KeyOf(id), grant, GrantRecords.Default.StoredGrant, before?.Version ?? RecordBatch.Absent);
        batch.PutIndexes(id.Value, IndexesOf(id, grant), before is { } old ? IndexesOf(id, old.Value) : []);
    }

    /// <summary>Adds to a batch what deletes a grant, and the code that was mailed for it.</summary>
    public static void Delete(RecordBatch batch, GrantId id, Versioned<StoredGrant> grant)
    {
        batch.Delete(grant.Key, grant.Version).Delete(EntryCodes.KeyOf(id), RecordBatch.Any);
        batch.PutIndexes(id.Value, [], IndexesOf(id, grant.Value));
    }

    /// <summary>Adds to a batch that photos, or a folder, have gone: the sweep looks after the grants that name them.</summary>
    public async ValueTask NoteGoneAsync(RecordBatch batch, IEnumerable<string> gone, CancellationToken cancellationToken)
    {
        foreach (var part in gone)
        {
            if (await IdsAsync(RecordRange.Under("grant-in", part), cancellationToken).AnyAsync(cancellationToken))
            {
                batch.Put(RecordKey.Of("grant-gone", part), part, GrantRecords.Default.String, RecordBatch.Any);
            }
        }
    }

    /// <summary>Forgets which photos and folders have gone, where no grant names them any more.</summary>
    public Task ForgetGoneAsync(CancellationToken cancellationToken) => records.DeleteAllAsync(
        records.ScanAsync(RecordRange.Under("grant-gone"), GrantRecords.Default.String, cancellationToken)
            .Where(async (gone, token) => !await IdsAsync(RecordRange.Under("grant-in", gone.Value), token).AnyAsync(token)).Select(static gone => gone.Key),
        cancellationToken);

    /// <summary>Deletes the grants whose time is over, and those of which nothing is left.</summary>
    public async Task SweepAsync(DateTimeOffset now, Action<RecordBatch> guard, CancellationToken cancellationToken)
    {
        await foreach (var due in records.ScanAsync(PhotoKeys.Due("grant-due", now), GrantRecords.Default.String, cancellationToken))
        {
            await DeleteAsync(GrantId.Parse(due.Value), grant => new(grant.Until <= now), guard, cancellationToken);
        }

        await foreach (var gone in records.ScanAsync(RecordRange.Under("grant-gone"), GrantRecords.Default.String, cancellationToken))
        {
            await foreach (var id in IdsAsync(RecordRange.Under("grant-in", gone.Value), cancellationToken))
            {
                await DeleteAsync(id, async grant => grant.Folder is not null || !await AnyLeftAsync(grant, cancellationToken), guard, cancellationToken);
            }

            var batch = new RecordBatch().Delete(gone.Key, gone.Version);
            guard(batch);
            await records.CommitAsync(batch, cancellationToken);
        }
    }

    Task DeleteAsync(GrantId id, Func<StoredGrant, ValueTask<bool>> isOver, Action<RecordBatch> guard, CancellationToken cancellationToken) => records.ChangeAsync(
        async batch =>
        {
            if (await FindAsync(id, cancellationToken) is not { } grant || !await isOver(grant.Value))
            {
                return false;
            }

            guard(batch);
            Delete(batch, id, grant);
            return true;
        },
        cancellationToken);

    async ValueTask<bool> AnyLeftAsync(StoredGrant grant, CancellationToken cancellationToken)
    {
        foreach (var photo in grant.Photos)
        {
            if (await records.GetAsync(PhotoKeys.Photo(photo), cancellationToken) is not null)
            {
                return true;
            }
        }

        return false;
    }

    IAsyncEnumerable<GrantId> IdsAsync(RecordRange index, CancellationToken cancellationToken) =>
        records.ScanAsync(index, GrantRecords.Default.String, cancellationToken).Select(static entry => GrantId.Parse(entry.Value));

    static IEnumerable<RecordKey> IndexesOf(GrantId id, StoredGrant grant)
    {
        var newest = RecordKey.Descending(grant.Created.ToUnixTimeMilliseconds());
        IEnumerable<string> named = grant.Folder is { } folder ? [folder.Value] : grant.Photos.Select(static photo => photo.Value);
        IEnumerable<RecordKey> due = grant.Until is { } until ? [RecordKey.Of("grant-due", RecordKey.Number(until.ToUnixTimeMilliseconds()), id.Value)] : [];
        IEnumerable<RecordKey> to = grant.Friend is { } friend ? [RecordKey.Of("grant-to", friend.Value, newest, id.Value)] : [];
        return [RecordKey.Of("grant-of", grant.Owner.Value, newest, id.Value), .. to, .. due, .. named.Select(part => RecordKey.Of("grant-in", part, id.Value))];
    }

    static RecordKey KeyOf(GrantId id) => RecordKey.Of("grant", id.Value);
}
