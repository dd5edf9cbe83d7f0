using Sharing.Core;

namespace Sharing.Social;

/// <summary>Somebody's feed. When he is erased it is not there any more: feed readers are told so when they ask again.</summary>
sealed class FeedsPersonalData(IRecordStore records, AtomPublisher feeds) : IPersonalData
{
    readonly OwnPosts _posts = AtomPublisher.Posts(records);

    public string Name => "feeds";

    public IReadOnlyCollection<string> RecordKinds => ["feed", "feed-of", "feed-entry", "feed-entry-by"];

    public async Task ExportAsync(PersonId person, IPersonalArchive archive, CancellationToken cancellationToken)
    {
        var feed = records.ScanAsync(RecordRange.One(AtomPublisher.PersonKey(person)), FederationJson.Default.String, cancellationToken);
        await archive.AddListAsync("feed", feed.Select(id => feeds.AddressOf(id.Value).ToString()), FederationJson.Default.String, cancellationToken);
        await archive.AddListAsync("entries", EntriesOfAsync(person, cancellationToken).Select(static entry => entry.Value), FederationJson.Default.StoredNote, cancellationToken);
    }

    public async Task<bool> EraseAsync(PersonId person, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var isClean = true; // an entry may be written just now: what was found is looked for once more
        if (await records.GetAsync(AtomPublisher.PersonKey(person), FederationJson.Default.String, cancellationToken) is { } feed)
        {
            isClean = false;
            await records.CommitAsync(new RecordBatch().Delete(feed.Key, RecordBatch.Any).Delete(AtomPublisher.FeedKey(feed.Value), RecordBatch.Any), cancellationToken);
        }

        await foreach (var entry in EntriesOfAsync(person, cancellationToken))
        {
            isClean = false;
            await _posts.DeleteAsync(entry, cancellationToken);
        }

        return isClean;
    }

    IAsyncEnumerable<Versioned<StoredNote>> EntriesOfAsync(PersonId person, CancellationToken cancellationToken) => _posts.AllAsync(cancellationToken).Where(entry => entry.Value.Post.Author == person);
}
