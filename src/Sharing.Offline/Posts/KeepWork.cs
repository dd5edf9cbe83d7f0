using Sharing.Core;

namespace Sharing.Offline;

/// <summary>Tells the offline library to keep what was shared, until it has heard it (row R6); where there is none, has its facts gathered. A share never
/// waits for either.</summary>
public sealed class KeepWork(IRecordStore records, IOfflineStore library, TimeProvider time)
{
    static readonly TimeSpan Visibility = TimeSpan.FromMinutes(1);

    readonly WorkQueue _queue = new(records, time, "keep");

    readonly WorkQueue _gather = GatherWork.QueueIn(records, time);
    readonly WorkQueue _landed = LandedWork.QueueIn(records, time);

    internal WorkQueue Queue => _queue;

    internal ValueTask ScheduleAsync(RecordBatch batch, PostId post, CancellationToken cancellationToken) =>
        _queue.ScheduleAsync(batch, post.Value, time.GetUtcNow(), WorkLoop.NoPayload, cancellationToken);

    /// <summary>Does one piece of work that is due.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken = default)
    {
        if (await _queue.ClaimAsync(Visibility, cancellationToken) is not { } item)
        {
            return false;
        }

        var batch = new RecordBatch();
        var key = StoredPost.KeyOf(PostId.Parse(item.Id));
        if (await records.GetAsync(key, OfflineJson.Default.StoredPost, cancellationToken) is { Value: { Withdrawn: false } post })
        {
            if (library is NoLibrary)
            {
                await _gather.ScheduleAsync(batch, post.Id.Value, time.GetUtcNow(), WorkLoop.NoPayload, cancellationToken);
            }
            else
            {
                var (kept, wait) = await KeepAsync(post, cancellationToken);
                if (wait is { } later)
                {
                    item.Retry(batch, time.GetUtcNow() + later);
                    await records.CommitAsync(batch, cancellationToken);
                    return true;
                }

                if (kept!.State == OfflineState.Stored)
                {
                    await _landed.ScheduleAsync(batch, kept.Id.Value, time.GetUtcNow(), WorkLoop.NoPayload, cancellationToken);
                }
            }
        }

        item.Complete(batch);
        await records.CommitAsync(batch, cancellationToken);
        return true;
    }

    /// <summary>Has the library keep a post's resource, or says how much later it may be asked again: its owner has had so many fetched.</summary>
    async Task<(OfflineItem? Kept, TimeSpan? Wait)> KeepAsync(StoredPost post, CancellationToken cancellationToken)
    {
        try
        {
            return (await library.KeepAsync(post.Owner, post.Resource, cancellationToken), null);
        }
        catch (SharingException limit) when (limit.Code == ProblemCodes.LimitReached)
        {
            return (null, limit.RetryAfter ?? TimeSpan.FromHours(1));
        }
    }
}
