using Sharing.Core;

namespace Sharing.Offline;

/// <summary>What a person shared, where it stands at each network, and his accounts there.</summary>
/// <remarks>Erasing withdraws every post first, and waits until the networks that have it have taken that; then the accounts that it needed are forgotten.</remarks>
sealed class PostsPersonalData(IRecordStore records, IPosts posts, Outbox outbox, KeepWork keep, TimeProvider time) : IPersonalData
{
    /// <summary>So long is waited for networks that do not take it; what they show then is theirs.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromDays(3);

    readonly WorkQueue _gather = GatherWork.QueueIn(records, time);

    public string Name => "posts";

    public IReadOnlyCollection<string> RecordKinds => ["post", "post-by", "post-key", "post-of", "ledger", "account", "account-owner"];

    public async Task ExportAsync(PersonId person, IPersonalArchive archive, CancellationToken cancellationToken)
    {
        await archive.AddListAsync("posts", OwnAsync(person, cancellationToken).Select((StoredPost post, CancellationToken _) => ShowAsync(post)), OfflineJson.Default.PersonalPost, cancellationToken);
        await archive.AddListAsync(
            "accounts", records.ScanAsync(RecordRange.Under("account", person.Value), OfflineJson.Default.StoredAccount, cancellationToken)
                .Select(static one => new PersonalAccount(one.Key.Part(1), one.Value.Server, one.Value.Name, one.Value.Id)), OfflineJson.Default.PersonalAccount, cancellationToken);

        async ValueTask<PersonalPost> ShowAsync(StoredPost post) =>
            new(post.Id, post.Resource, post.Audience, post.Text, post.At, post.Withdrawn, await outbox.LedgerAsync(post.Id, cancellationToken));
    }

    public async Task<bool> EraseAsync(PersonId person, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var left = false;
        await foreach (var post in OwnAsync(person, cancellationToken))
        {
            await posts.WithdrawAsync(person, post.Id, cancellationToken);
            left |= !await ForgetAsync(post.Id, time.GetUtcNow() > since + s_patience, cancellationToken);
        }

        if (left)
        {
            return false;
        }

        await foreach (var account in records.ScanAsync(RecordRange.Under("account", person.Value), OfflineJson.Default.StoredAccount, cancellationToken))
        {
            await RecordAccounts.ForgetAsync(records, person, account.Key.Part(1), cancellationToken);
        }

        await records.DeleteAllAsync(RecordRange.Under("post-key", person.Value), cancellationToken);
        await records.ChangeAllAsync(
            RecordRange.Under("post"), OfflineJson.Default.StoredPost, post => post.Audience.People?.Contains(person) == true ? post with { Audience = post.Audience.Without(person) } : post, cancellationToken);
        return true;
    }

    IAsyncEnumerable<StoredPost> OwnAsync(PersonId person, CancellationToken cancellationToken) =>
        records.ScanAsync(RecordRange.Under("post-by", person.Value), cancellationToken)
            .Select(async (Record place, CancellationToken _) => (await records.GetAsync(StoredPost.KeyOf(PostId.Parse(place.Key.Part(2))), OfflineJson.Default.StoredPost, cancellationToken))?.Value)
            .Where(static post => post is not null).Select(static post => post!);

    /// <summary>Forgets a withdrawn post, once no network has anything left to take.</summary>
    Task<bool> ForgetAsync(PostId id, bool gaveUp, CancellationToken cancellationToken) => records.ChangeAsync(
        async batch =>
        {
            if (await records.GetAsync(StoredPost.KeyOf(id), OfflineJson.Default.StoredPost, cancellationToken) is not { } post)
            {
                return true;
            }

            batch.Delete(post.Key, post.Version).Delete(RecordPosts.ByOwner(post.Value), RecordBatch.Any)
                .Delete(LandedWork.PlaceOf(ResourceId.Of(post.Value.Resource.Address), id), RecordBatch.Any);
            await keep.Queue.RemoveAsync(batch, id.Value, cancellationToken);
            await _gather.RemoveAsync(batch, id.Value, cancellationToken);
            var publishers = outbox.Publishers.ToDictionary(static one => one.Traits.Network, StringComparer.Ordinal);
            await foreach (var line in records.ScanAsync(RecordRange.Under("ledger", id.Value), OfflineJson.Default.StoredLine, cancellationToken))
            {
                if (publishers.GetValueOrDefault(line.Value.Line.Network) is { } publisher)
                {
                    if (!gaveUp && line.Value.Line.State != PublishState.NeedsLogin && !line.Value.IsSettled(post.Value, publisher.Traits))
                    {
                        return false;
                    }

                    await outbox.QueueOf(line.Value.Line.Network).RemoveAsync(batch, id.Value, cancellationToken);
                }

                batch.Delete(line.Key, line.Version);
            }

            return true;
        },
        cancellationToken);
}

/// <summary>A post as its owner takes it out.</summary>
sealed record PersonalPost(PostId Id, Resource Resource, Audience Audience, string Text, DateTimeOffset At, bool Withdrawn, IReadOnlyList<LedgerLine> Networks);

/// <summary>An account, without what opens it.</summary>
sealed record PersonalAccount(string Network, Uri? Server, string? Name, string? Id);
