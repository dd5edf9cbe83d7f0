using Sharing.Core;

namespace Sharing.Photos;

/// <summary>Grants in records: <c>grant/{id}</c>, and the indexes <c>grant-of/{owner}</c>, <c>grant-to/{friend}</c> with the newest first, and
/// <c>grant-in/{photo or folder}/{id}</c>, whose values are the ids. Decides nothing. Thread-safe singleton.</summary>
sealed class GrantBook(IRecordStore records)
{
    public ValueTask<Versioned<StoredGrant>?> FindAsync(GrantId id, CancellationToken cancellationToken) => records.GetAsync(KeyOf(id), GrantRecords.Default.StoredGrant, cancellationToken);

    public IAsyncEnumerable<GrantId> OfAsync(PersonId owner, CancellationToken cancellationToken) => IdsAsync(RecordRange.Under("grant-of", owner.Value), cancellationToken);

    public IAsyncEnumerable<GrantId> ToAsync(PersonId friend, CancellationToken cancellationToken) => IdsAsync(RecordRange.Under("grant-to", friend.Value), cancellationToken);

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

    public static void Put(RecordBatch batch, GrantId id, StoredGrant grant)
    {
        batch.Put(KeyOf(id), grant, GrantRecords.Default.StoredGrant, RecordBatch.Absent);
        foreach (var index in IndexesOf(id, grant))
        {
            batch.Put(index, id.Value, GrantRecords.Default.String, RecordBatch.Any);
        }
    }

    public static void Change(RecordBatch batch, Versioned<StoredGrant> grant, StoredGrant to) => batch.Put(grant.Key, to, GrantRecords.Default.StoredGrant, grant.Version);

    public static void Delete(RecordBatch batch, GrantId id, Versioned<StoredGrant> grant)
    {
        batch.Delete(grant.Key, grant.Version);
        foreach (var index in IndexesOf(id, grant.Value))
        {
            batch.Delete(index, RecordBatch.Any);
        }
    }

    IAsyncEnumerable<GrantId> IdsAsync(RecordRange index, CancellationToken cancellationToken) =>
        records.ScanAsync(index, GrantRecords.Default.String, cancellationToken).Select(static entry => GrantId.Parse(entry.Value));

    static IEnumerable<RecordKey> IndexesOf(GrantId id, StoredGrant grant)
    {
        var newest = RecordKey.Descending(grant.Created.ToUnixTimeMilliseconds());
        IEnumerable<string> named = grant.Folder is { } folder ? [folder.Value] : grant.Photos.Select(static photo => photo.Value);
        IEnumerable<RecordKey> to = grant.Friend is { } friend ? [RecordKey.Of("grant-to", friend.Value, newest, id.Value)] : [];
        return [RecordKey.Of("grant-of", grant.Owner.Value, newest, id.Value), .. to, .. named.Select(part => RecordKey.Of("grant-in", part, id.Value))];
    }

    static RecordKey KeyOf(GrantId id) => RecordKey.Of("grant", id.Value);
}
