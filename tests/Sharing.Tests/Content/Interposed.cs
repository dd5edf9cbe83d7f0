using Sharing.Core;

namespace Sharing.Tests.Content;

/// <summary>Records and contents in memory that let a test come in between: before each commit, and before and after each deletion of bytes.</summary>
sealed class Interposed : IRecordStore, IContentStore, IPartialListing
{
    readonly MemoryRecordStore _records = new();
    readonly MemoryContentStore _contents;

    public Interposed(TimeProvider time) => _contents = new(time);

    public Func<string, Task> Between { get; set; } = _ => Task.CompletedTask;

    public ValueTask<Record?> GetAsync(RecordKey key, CancellationToken cancellationToken = default) => _records.GetAsync(key, cancellationToken);

    public IAsyncEnumerable<Record> ScanAsync(RecordRange range, CancellationToken cancellationToken = default) =>
        _records.ScanAsync(range, cancellationToken);

    public async ValueTask<CommitOutcome> CommitAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        await Between("commit");
        return await _records.CommitAsync(batch, cancellationToken);
    }

    public ValueTask<ContentInfo?> FindAsync(ContentId id, CancellationToken cancellationToken = default) => _contents.FindAsync(id, cancellationToken);

    public ValueTask<IContentReader?> OpenAsync(ContentId id, CancellationToken cancellationToken = default) =>
        _contents.OpenAsync(id, cancellationToken);

    public ValueTask<IPartialContent> OpenPartialAsync(string key, CancellationToken cancellationToken = default) =>
        _contents.OpenPartialAsync(key, cancellationToken);

    public async ValueTask<bool> DeleteAsync(ContentId id, CancellationToken cancellationToken = default)
    {
        await Between("delete");
        var deleted = await _contents.DeleteAsync(id, cancellationToken);
        await Between("deleted");
        return deleted;
    }

    public IAsyncEnumerable<ContentInfo> ListAsync(CancellationToken cancellationToken = default) => _contents.ListAsync(cancellationToken);

    public IAsyncEnumerable<PartialInfo> ListPartialsAsync(CancellationToken cancellationToken = default) =>
        _contents.ListPartialsAsync(cancellationToken);

    public ValueTask<bool> DiscardAsync(PartialInfo partial, CancellationToken cancellationToken = default) =>
        _contents.DiscardAsync(partial, cancellationToken);
}
