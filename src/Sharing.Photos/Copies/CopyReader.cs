namespace Sharing.Photos;

/// <summary>A copy as if it were a content: nothing of it is written down. As thread-safe as the original's reader, which it disposes.</summary>
sealed class CopyReader(IContentReader original, CopyParts parts, ContentInfo info) : IContentReader
{
    public ContentInfo Info => info;

    public ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        area == ContentArea.Data ? parts.ReadAsync((at, into, token) => original.ReadAsync(ContentArea.Data, at, into, token), offset, buffer, cancellationToken) : new(0);

    public ValueTask DisposeAsync() => original.DisposeAsync();
}
