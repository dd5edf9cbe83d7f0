using Sharing.Core;

namespace Sharing.Offline;

/// <summary>What a person posted, reshared and said on our own network. His posts and reshares go; his comments in others' threads stay as tombstones.</summary>
sealed class NetworkPersonalData(IRecordStore records) : IPersonalData
{
    public string Name => "network";

    public IReadOnlyCollection<string> RecordKinds => ["network-post", "network-by", "network-comment", "network-comment-key"];

    public async Task ExportAsync(PersonId person, IPersonalArchive archive, CancellationToken cancellationToken)
    {
        await archive.AddListAsync(
            "posts", OwnAsync(person, cancellationToken).Where(static one => one.Post is not null || one.OriginalId is not null), OfflineJson.Default.StoredNetworkPost, cancellationToken);
        await archive.AddListAsync(
            "comments", records.ScanAsync(RecordRange.Under("network-comment"), OfflineJson.Default.NetworkComment, cancellationToken)
                .Where(one => one.Value.Author == person).Select(static one => new PersonalComment(one.Key.Part(0), one.Value.Text, one.Value.At)), OfflineJson.Default.PersonalComment, cancellationToken);
    }

    public async Task<bool> EraseAsync(PersonId person, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await foreach (var post in OwnAsync(person, cancellationToken))
        {
            await records.ChangeAsync(
                async batch =>
                {
                    batch.Delete(RecordSocialNetwork.ByAuthor(post), RecordBatch.Any);
                    if (await records.GetAsync(StoredNetworkPost.KeyOf(post.Id), OfflineJson.Default.StoredNetworkPost, cancellationToken) is { } now)
                    {
                        // What others said below it stays theirs; nobody sees it there any more.
                        _ = post.OriginalId is not null || now.Value.Comments == 0 ? batch.Delete(now.Key, now.Version)
                            : batch.Put(now.Key, now.Value with { Author = PersonalRecords.Nobody, Post = null, Withdrawn = int.MaxValue }, OfflineJson.Default.StoredNetworkPost, now.Version);
                    }

                    return true;
                },
                cancellationToken);
        }

        await records.ChangeAllAsync(
            RecordRange.Under("network-comment"), OfflineJson.Default.NetworkComment,
            comment => comment.Author == person ? comment with { Author = PersonalRecords.Nobody, Text = "" } : comment, cancellationToken);
        await records.DeleteAllAsync(
            records.ScanAsync(RecordRange.Under("network-comment-key"), cancellationToken).Select(static one => one.Key).Where(key => key.Part(1) == person.Value), cancellationToken);
        await records.ChangeAllAsync(
            RecordRange.Under("network-post"), OfflineJson.Default.StoredNetworkPost,
            post => post.Post is { } shown && shown.Audience.People?.Contains(person) == true ? post with { Post = shown with { Audience = shown.Audience.Without(person) } } : post, cancellationToken);
        return true;
    }

    IAsyncEnumerable<StoredNetworkPost> OwnAsync(PersonId person, CancellationToken cancellationToken) =>
        records.ScanAsync(RecordRange.Under("network-by", person.Value), cancellationToken)
            .Select(async (Record place, CancellationToken _) => (await records.GetAsync(StoredNetworkPost.KeyOf(place.Key.Part(2)), OfflineJson.Default.StoredNetworkPost, cancellationToken))?.Value)
            .Where(static post => post is not null).Select(static post => post!);
}

/// <summary>A comment as its author takes it out.</summary>
sealed record PersonalComment(string Post, string Text, DateTimeOffset At);
