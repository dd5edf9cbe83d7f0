using Sharing.Core;

namespace Sharing.Offline;

/// <summary>Tells posts what the offline library has learnt of their resource: size, type and content id, as far as nobody has said it (row R2). The
/// terminal that shared it may be off by then.</summary>
public sealed class LandedWork(IRecordStore records, IPosts posts, IOfflineStore library, TimeProvider time)
{
    static readonly TimeSpan Visibility = TimeSpan.FromMinutes(1);

    internal WorkQueue Queue { get; } = QueueIn(records, time);

    /// <summary>The resources that have landed and whose posts do not know it yet.</summary>
    internal static WorkQueue QueueIn(IRecordStore records, TimeProvider time) => new(records, time, "landed");

    /// <summary>A post, found by its resource.</summary>
    internal static RecordKey PlaceOf(ResourceId resource, PostId post) => RecordKey.Of("post-of", resource.Value, post.Value);

    /// <summary>Does one piece of work that is due.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken = default)
    {
        if (await Queue.ClaimAsync(Visibility, cancellationToken) is not { } item)
        {
            return false;
        }

        var id = ResourceId.Parse(item.Id);
        await foreach (var place in records.ScanAsync(RecordRange.Under("post-of", id.Value), cancellationToken))
        {
            await TellAsync(PostId.Parse(place.Key.Part(1)), id, cancellationToken);
        }

        var batch = new RecordBatch();
        item.Complete(batch);
        await records.CommitAsync(batch, cancellationToken);
        return true;
    }

    async Task TellAsync(PostId id, ResourceId resource, CancellationToken cancellationToken)
    {
        if (await records.GetAsync(StoredPost.KeyOf(id), OfflineJson.Default.StoredPost, cancellationToken) is { Value: { Withdrawn: false } post }
            && await library.FindAsync(post.Owner, resource, cancellationToken) is { State: OfflineState.Stored, Content: { } content, Resource: var kept })
        {
            var same = post.Resource.Length is null || post.Resource.Length == content.Length;
            await posts.UpdateAsync(
                post.Owner, id,
                post.Resource with
                {
                    Length = post.Resource.Length ?? content.Length,
                    MediaType = post.Resource.MediaType ?? kept.MediaType,
                    ContentId = post.Resource.ContentId ?? (same ? content.Id : null), // of another version than the sharer has: his counts
                },
                cancellationToken);
        }
    }
}
