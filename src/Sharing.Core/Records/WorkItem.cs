using System.Text.Json;

namespace Sharing.Core;

/// <summary>A piece of work that this worker has claimed.</summary>
/// <remarks>End it in the commit that holds its results. That commit conflicts, naming <c>work/{queue}/{id}</c>, when the item was claimed by
/// another (its visibility had ended) or superseded since: then the results are not wanted.</remarks>
public sealed class WorkItem
{
    readonly string _queue;
    readonly WorkRecord _item;
    readonly long _version;

    internal WorkItem(string queue, string id, WorkRecord item, long version) => (_queue, Id, _item, _version) = (queue, id, item, version);

    /// <summary>The item's id within its queue.</summary>
    public string Id { get; }

    /// <summary>What it was scheduled with.</summary>
    public JsonElement Payload => _item.Payload;

    /// <summary>How often it was claimed, this time included.</summary>
    public int Attempts => _item.Attempts;

    /// <summary>The number of the commit that claimed it, and whatever was written down with that.</summary>
    public long Version => _version;

    /// <summary>When it comes back unless it is ended before.</summary>
    public DateTimeOffset VisibleAgain => _item.Due;

    /// <summary>Adds to a batch that the work is done.</summary>
    public void Complete(RecordBatch batch) => batch
        .Delete(WorkQueue.ItemKey(_queue, Id), _version)
        .Delete(WorkQueue.DueKey(_queue, Id, _item.Due), RecordBatch.Any);

    /// <summary>Adds to a batch that the work is to be tried again at a time; its attempts are kept.</summary>
    public void Retry(RecordBatch batch, DateTimeOffset due) =>
        WorkQueue.Write(batch, _queue, Id, _item, _item with { Due = WorkQueue.Round(due) }, _version);
}
