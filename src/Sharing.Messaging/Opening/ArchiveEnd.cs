namespace Sharing.Messaging;

/// <summary>The end of a file, at its place: what an archive's directory is read from. Before it there is nothing. Not thread-safe.</summary>
sealed class ArchiveEnd(long length, byte[] end) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (Position < length - end.Length)
        {
            throw new InvalidDataException("The directory of the archive is too long.");
        }

        var from = (int)(Position - (length - end.Length));
        var read = Math.Clamp(end.Length - from, 0, count);
        end.AsSpan(from, read).CopyTo(buffer.AsSpan(offset));
        Position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => Position, _ => length };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
