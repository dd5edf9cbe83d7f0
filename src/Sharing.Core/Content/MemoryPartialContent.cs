namespace Sharing.Core;

/// <summary>A partial content in memory.</summary>
sealed class MemoryPartialContent(MemoryContentStore store, string key, MemoryContent content) : IPartialContent
{
    readonly OperationGate _gate = new(typeof(IPartialContent));

    public string Key => key;

    public MemoryContent Content => content;

    public ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var passage = _gate.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        ContentLayout.RequireRange(offset, buffer.Length);
        return new(content[area].Read(offset, buffer.Span));
    }

    public ValueTask WriteAsync(ContentArea area, long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        using var passage = _gate.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        ContentLayout.RequireRange(offset, bytes.Length);
        content[area].Write(offset, bytes.Span);
        return default;
    }

    public ValueTask<long> FlushAsync(CancellationToken cancellationToken = default)
    {
        using var passage = _gate.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        store.Touch(this);
        return new(content[ContentArea.Data].Length);
    }

    public async ValueTask PublishAsync(ContentInfo info, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await _gate.ShutOrThrowAsync(cancellationToken);
        try
        {
            store.Publish(this, info);
        }
        catch
        {
            _gate.Reopen();
            throw;
        }
    }

    public async ValueTask DiscardAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await _gate.ShutOrThrowAsync(cancellationToken);
        store.Drop(this);
    }

    public async ValueTask DisposeAsync()
    {
        if (await _gate.ShutAsync())
        {
            store.Close(this);
        }
    }
}
