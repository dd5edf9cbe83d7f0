namespace Sharing;

/// <summary>Keeps records: the one seam for all metadata.</summary>
/// <remarks>Thread-safe singleton. Commits are serializable and durable when they return: a reader that starts afterwards sees them,
/// also after a power cut (the memory store excepted). Conflicts are outcomes, not exceptions; an exception leaves the outcome of a commit unknown.</remarks>
public interface IRecordStore
{
    /// <summary>Reads a record, or <c>null</c>.</summary>
    ValueTask<Record?> GetAsync(RecordKey key, CancellationToken cancellationToken = default);

    /// <summary>Reads the records of a range in the order of their keys. Records that change meanwhile may be seen before or after
    /// the change, each at most once; those that do not change are all seen. Nothing stays locked between two items.</summary>
    IAsyncEnumerable<Record> ScanAsync(RecordRange range, CancellationToken cancellationToken = default);

    /// <summary>Makes all changes of a batch, or none.</summary>
    ValueTask<CommitOutcome> CommitAsync(RecordBatch batch, CancellationToken cancellationToken = default);
}
