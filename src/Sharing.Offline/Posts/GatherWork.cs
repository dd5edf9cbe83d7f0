using Sharing.Core;

namespace Sharing.Offline;

/// <summary>Gathers size and type of what was shared from its origin, where there is no download server to do it (row R3).</summary>
public sealed class GatherWork(IRecordStore records, IPosts posts, HttpClient http, TimeProvider time)
{
    const int Attempts = 5;

    static readonly TimeSpan Visibility = TimeSpan.FromMinutes(2);

    internal WorkQueue Queue { get; } = QueueIn(records, time);

    /// <summary>The posts of which more is to be known.</summary>
    internal static WorkQueue QueueIn(IRecordStore records, TimeProvider time) => new(records, time, "gather");

    /// <summary>Does one piece of work that is due.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken = default)
    {
        if (await Queue.ClaimAsync(Visibility, cancellationToken) is not { } item)
        {
            return false;
        }

        var batch = new RecordBatch();
        try
        {
            await GatherAsync(PostId.Parse(item.Id), cancellationToken);
            item.Complete(batch);
        }
        catch (SharingException) when (item.Attempts < Attempts)
        {
            item.Retry(batch, time.GetUtcNow() + TimeSpan.FromSeconds(Math.Pow(4, item.Attempts)));
        }
        catch (SharingException)
        {
            item.Complete(batch); // the post stands without
        }

        await records.CommitAsync(batch, cancellationToken);
        return true;
    }

    async Task GatherAsync(PostId id, CancellationToken cancellationToken)
    {
        if (await records.GetAsync(StoredPost.KeyOf(id), OfflineJson.Default.StoredPost, cancellationToken) is
            { Value: { Withdrawn: false, Resource: { Length: null } or { MediaType: null } } post })
        {
            await using var read = await new HttpOriginSource(http, post.Resource.Address).OpenAsync(0, null, cancellationToken);
            var known = post.Resource with
            {
                Length = post.Resource.Length ?? read.Offer.Length,
                MediaType = post.Resource.MediaType ?? read.Offer.MediaType,
            };
            await posts.UpdateAsync(post.Owner, id, known, cancellationToken);
        }
    }
}
