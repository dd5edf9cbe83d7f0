using Sharing.Core;

namespace Sharing.AspNetCore;

/// <summary>An area of a content as a stream that can seek, as range processing wants it. Disposes the reader with itself.</summary>
sealed class SeekableContentStream(IContentReader reader, ContentArea area) : ReadOnlyStream
{
    public override bool CanSeek => true;

    public override long Length { get; } = area == ContentArea.Data
        ? reader.Info.Length
        : ContentTree.GroupCount(reader.Info.Length) * ContentId.Size;

    public override long Position { get; set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await reader.ReadAsync(area, Position, buffer, cancellationToken);
        Position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    public override async ValueTask DisposeAsync()
    {
        await reader.DisposeAsync();
        await base.DisposeAsync();
    }
}
