namespace Sharing.Core;

/// <summary>An area of a content as a stream, from an offset on. Disposes the reader with itself.</summary>
public sealed class ContentStream(IContentReader reader, ContentArea area, long offset) : ReadOnlyStream
{
    long _position = offset;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await reader.ReadAsync(area, _position, buffer, cancellationToken);
        _position += read;
        return read;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await reader.DisposeAsync();
        await base.DisposeAsync();
    }
}
