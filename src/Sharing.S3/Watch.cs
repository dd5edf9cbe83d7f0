namespace Sharing.S3;

/// <summary>Gives a request up that shows no sign of life for too long, however long it takes.</summary>
sealed class Watch : IDisposable
{
    readonly TimeSpan _limit;
    readonly CancellationTokenSource _timer;
    readonly CancellationTokenSource _both;

    public Watch(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        (_limit, _timer) = (limit, new(limit, time));
        _both = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, cancellationToken);
    }

    public CancellationToken Token => _both.Token;

    public bool HasFired => _timer.IsCancellationRequested;

    /// <summary>A stream that tells of each read.</summary>
    public Stream Over(Stream bytes) => new Watched(bytes, this);

    public void Dispose()
    {
        _both.Dispose();
        _timer.Dispose();
    }

    void Live() => _timer.CancelAfter(_limit);

    sealed class Watched(Stream inner, Watch watch) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => inner.Position = value;
        }

        public override int Read(Span<byte> buffer)
        {
            watch.Live();
            return inner.Read(buffer);
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            watch.Live();
            return inner.ReadAsync(buffer, cancellationToken);
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
