namespace Sharing.Core;

/// <summary>Reads a content in memory; holds on to its bytes, so that a deletion does not disturb it.</summary>
sealed class MemoryContentReader(ContentInfo info, MemoryContent content) : IContentReader
{
    bool _disposed;

    public ContentInfo Info => info;

    public ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        ContentLayout.RequireRange(offset, buffer.Length);
        return new(area == ContentArea.Groups && ContentLayout.IsOneGroup(info.Length)
            ? ContentLayout.ReadOnlyGroup(info.Id, offset, buffer.Span)
            : content[area].Read(offset, buffer.Span));
    }

    public ValueTask DisposeAsync()
    {
        _disposed = true;
        return default;
    }
}
