namespace Sharing.Core;

/// <summary>A body as it is read: counted, never waited for too long, and every failure of it mapped. Asynchronous only.</summary>
/// <remarks>The clock runs only while somebody reads: a reader who pauses is not a sender who hangs.</remarks>
sealed class GuardedBody : Stream
{
    readonly Stream _inner;
    readonly FetchOptions _options;
    readonly long _started;
    readonly TimeProvider _time;
    readonly Func<Exception, Exception> _map;
    readonly CancellationTokenSource _patience;
    long _read;

    /// <param name="inner">The bytes; disposed with this.</param>
    /// <param name="options">The limits.</param>
    /// <param name="started">The timestamp at which the fetch began.</param>
    /// <param name="time">The clock.</param>
    /// <param name="map">Makes the fault that the reader sees.</param>
    public GuardedBody(Stream inner, FetchOptions options, long started, TimeProvider time, Func<Exception, Exception> map)
    {
        (_inner, _options, _started, _time, _map) = (inner, options, started, time, map);
        _patience = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var count = await ReadInTimeAsync(buffer, cancellationToken);
            _read += count;
            return _options.MaxBytes == 0 || _read <= _options.MaxBytes
                ? count
                : throw new FetchRefusedException($"The body has more than the {_options.MaxBytes} bytes that are allowed.");
        }
        catch (Exception cause) when (cause is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw _map(cause);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The body is read asynchronously only.");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
            _patience.Dispose();
        }

        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        await _inner.DisposeAsync();
        await base.DisposeAsync();
    }

    async ValueTask<int> ReadInTimeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var left = _options.TotalTimeout - _time.GetElapsedTime(_started);
        if (left <= TimeSpan.Zero)
        {
            throw new TimeoutException($"The body did not end within {_options.TotalTimeout}.");
        }

        _patience.CancelAfter(left < _options.IdleTimeout ? left : _options.IdleTimeout);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(_patience.Token, cancellationToken);
        try
        {
            return await _inner.ReadAsync(buffer, both.Token);
        }
        catch (Exception cause) when (_patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(
                left < _options.IdleTimeout ? $"The body did not end within {_options.TotalTimeout}." : $"No byte came for {_options.IdleTimeout}.",
                cause);
        }
        finally
        {
            _patience.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }
}
