using Microsoft.Win32.SafeHandles;

namespace Sharing.S3;

/// <summary>Runs of bytes in files, one after the other, as one stream that can be read again.</summary>
sealed class RunStream(IReadOnlyList<(SafeFileHandle File, long Offset, long Length)> runs) : Stream
{
    long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; } = runs.Sum(static run => run.Length);

    public override long Position
    {
        get => _position;
        set => _position = value is >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    public override int Read(Span<byte> buffer)
    {
        var at = _position;
        foreach (var (file, offset, length) in runs)
        {
            if (at < length)
            {
                var read = RandomAccess.Read(file, buffer[..(int)Math.Min(buffer.Length, length - at)], offset + at);
                _position += read;
                return read;
            }

            at -= length;
        }

        return 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>The bytes are in the system's memory as a rule.</summary>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Read(buffer.Span));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => Length,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
