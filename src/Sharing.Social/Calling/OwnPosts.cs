using Sharing.Core;

namespace Sharing.Social;

/// <summary>Posts of a network that is part of the host, by key and by author. Thread-safe.</summary>
/// <remarks>Records: <c>{kind}/{key}</c>, and for those that everybody may list <c>{kind}-by/{author}/{newest first}/{key}</c>.</remarks>
sealed class OwnPosts(IRecordStore records, string kind)
{
    /// <summary>Writes a post down; what is there in a higher revision stays.</summary>
    /// <returns>What is there then; <c>null</c> where it is another's.</returns>
    public async Task<StoredNote?> WriteAsync(StoredNote note, CancellationToken cancellationToken)
    {
        StoredNote? there = null;
        await records.ChangeAsync(
            async batch =>
            {
                var (post, key) = (note.Post, KeyOf(note.Post.Key));
                var before = await records.GetAsync(key, FederationJson.Default.StoredNote, cancellationToken);
                there = before?.Value.Actor is { } owner && owner != note.Actor ? null : before?.Value is { } old && old.Post.Revision >= post.Revision ? old : note;
                if (there != note)
                {
                    return false;
                }

                batch.Put(key, note, FederationJson.Default.StoredNote, before?.Version ?? RecordBatch.Absent);
                var listed = ListedKeyOf(note);
                _ = post is { Withdrawn: false, Audience.Kind: AudienceKind.Everyone } ? batch.Put(listed, post.Key, FederationJson.Default.String, RecordBatch.Any) : batch.Delete(listed, RecordBatch.Any);
                return true;
            },
            cancellationToken);
        return there;
    }

    /// <summary>A post by its key.</summary>
    public async ValueTask<StoredNote?> FindAsync(string key, CancellationToken cancellationToken) =>
        key.Length is >= 1 and <= 64 ? (await records.GetAsync(KeyOf(key), FederationJson.Default.StoredNote, cancellationToken))?.Value : null;

    /// <summary>All posts, of everybody.</summary>
    public IAsyncEnumerable<Versioned<StoredNote>> AllAsync(CancellationToken cancellationToken) => records.ScanAsync(RecordRange.Under(kind), FederationJson.Default.StoredNote, cancellationToken);

    /// <summary>Deletes a post, unless it has changed since it was read.</summary>
    public async Task DeleteAsync(Versioned<StoredNote> note, CancellationToken cancellationToken) =>
        await records.CommitAsync(new RecordBatch().Delete(note.Key, note.Version).Delete(ListedKeyOf(note.Value), RecordBatch.Any), cancellationToken);

    /// <summary>An author's newest posts that everybody may list, and how many there are.</summary>
    public async Task<(IReadOnlyList<StoredNote> Newest, long Count)> ListAsync(string author, int most, CancellationToken cancellationToken)
    {
        var (newest, count) = (new List<StoredNote>(), 0L);
        await foreach (var entry in records.ScanAsync(RecordRange.Under(kind + "-by", author), FederationJson.Default.String, cancellationToken))
        {
            if (count++ < most && await FindAsync(entry.Value, cancellationToken) is { } note)
            {
                newest.Add(note);
            }
        }

        return (newest, count);
    }

    RecordKey ListedKeyOf(StoredNote note) => RecordKey.Of(kind + "-by", note.Actor, RecordKey.Descending(note.Post.At.ToUnixTimeMilliseconds()), note.Post.Key);

    RecordKey KeyOf(string key) => RecordKey.Of(kind, key);
}
