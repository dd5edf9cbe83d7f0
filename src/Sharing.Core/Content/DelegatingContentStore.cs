namespace Sharing.Core;

/// <summary>A store in front of another one: hands everything on, the optional companions too.</summary>
abstract class DelegatingContentStore(IContentStore inner) : IContentStore, IPartialListing, IContentFiles, IContentQuarantine, ISmallContents, IFencedDeletion, IContentAddresses, IAsyncDisposable
{
    public IContentStore Inner { get; } = inner;

    public virtual int MaxSmallLength => (Inner as ISmallContents)?.MaxSmallLength ?? 0;

    public virtual ValueTask<ContentInfo?> FindAsync(ContentId id, CancellationToken cancellationToken = default) => Inner.FindAsync(id, cancellationToken);

    public virtual ValueTask<IContentReader?> OpenAsync(ContentId id, CancellationToken cancellationToken = default) => Inner.OpenAsync(id, cancellationToken);

    public virtual ValueTask<IPartialContent> OpenPartialAsync(string key, CancellationToken cancellationToken = default) =>
        Inner.OpenPartialAsync(key, cancellationToken);

    public virtual ValueTask<bool> DeleteAsync(ContentId id, CancellationToken cancellationToken = default) => Inner.DeleteAsync(id, cancellationToken);

    /// <summary>A store that cannot be part of a commit deletes before it.</summary>
    public virtual async ValueTask<Func<ValueTask>> DeleteAsync(RecordBatch batch, ContentId id, CancellationToken cancellationToken = default)
    {
        if (Inner is IFencedDeletion fenced)
        {
            return await fenced.DeleteAsync(batch, id, cancellationToken);
        }

        await Inner.DeleteAsync(id, cancellationToken);
        return static () => default;
    }

    public virtual IAsyncEnumerable<ContentInfo> ListAsync(CancellationToken cancellationToken = default) => Inner.ListAsync(cancellationToken);

    public IAsyncEnumerable<PartialInfo> ListPartialsAsync(CancellationToken cancellationToken = default) =>
        Inner is IPartialListing listing ? listing.ListPartialsAsync(cancellationToken) : AsyncEnumerable.Empty<PartialInfo>();

    public ValueTask<bool> DiscardAsync(PartialInfo partial, CancellationToken cancellationToken = default) =>
        Inner is IPartialListing listing ? listing.DiscardAsync(partial, cancellationToken) : new(false);

    public virtual string? PathOf(ContentId id) => (Inner as IContentFiles)?.PathOf(id);

    public ValueTask<Uri?> AddressOfAsync(ContentId id, TimeSpan life, string? mediaType, string? disposition, CancellationToken cancellationToken = default) =>
        Inner is IContentAddresses addresses ? addresses.AddressOfAsync(id, life, mediaType, disposition, cancellationToken) : default;

    /// <summary>Where nothing can be put aside, what is wrong is deleted.</summary>
    public virtual ValueTask<bool> QuarantineAsync(ContentId id, CancellationToken cancellationToken = default) =>
        Inner is IContentQuarantine quarantine ? quarantine.QuarantineAsync(id, cancellationToken) : Inner.DeleteAsync(id, cancellationToken);

    public ValueTask<int> QuarantineStraysAsync(CancellationToken cancellationToken = default) =>
        Inner is IContentQuarantine quarantine ? quarantine.QuarantineStraysAsync(cancellationToken) : new(0);

    public IAsyncEnumerable<ContentId> ListQuarantinedAsync(CancellationToken cancellationToken = default) =>
        Inner is IContentQuarantine quarantine ? quarantine.ListQuarantinedAsync(cancellationToken) : AsyncEnumerable.Empty<ContentId>();

    public ValueTask DropQuarantinedAsync(ContentId id, CancellationToken cancellationToken = default) =>
        Inner is IContentQuarantine quarantine ? quarantine.DropQuarantinedAsync(id, cancellationToken) : default;

    public virtual ValueTask PublishAsync(ContentId id, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) =>
        Inner is ISmallContents small ? small.PublishAsync(id, bytes, cancellationToken) : throw new NotSupportedException("Small contents are not taken here.");

    public async ValueTask DisposeAsync()
    {
        switch (Inner)
        {
            case IAsyncDisposable asynchronous: await asynchronous.DisposeAsync(); break;
            case IDisposable disposable: disposable.Dispose(); break;
        }
    }
}
