namespace Sharing.Core;

/// <summary>The bytes that a request brings, until they end, break off, stand still for too long, or a newer request comes. Not thread-safe.</summary>
sealed class UploadBody : IDisposable
{
    readonly Stream _bytes;
    readonly TimeSpan _idleTimeout;
    readonly CancellationToken _displaced;
    readonly CancellationTokenSource _idle;
    readonly CancellationTokenSource _any;

    public UploadBody(Stream bytes, TimeSpan idleTimeout, TimeProvider time, CancellationToken displaced, CancellationToken aborted)
    {
        (_bytes, _idleTimeout, _displaced) = (bytes, idleTimeout, displaced);
        _idle = new(Timeout.InfiniteTimeSpan, time);
        _any = CancellationTokenSource.CreateLinkedTokenSource(_idle.Token, displaced, aborted);
    }

    /// <summary>Why the bytes ended before their end; <c>null</c>: they did not.</summary>
    public SharingException? Fault { get; private set; }

    /// <returns>The number of bytes read; 0 at the end, and after a fault.</returns>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        if (Fault is not null)
        {
            return 0;
        }

        try
        {
            _idle.CancelAfter(_idleTimeout);
            return await _bytes.ReadAsync(buffer, _any.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            Fault = new(
                ProblemCodes.UploadInterrupted,
                _displaced.IsCancellationRequested ? "A newer request for this upload came. Ask for the offset and go on from there."
                    : _idle.IsCancellationRequested ? $"No byte came for {_idleTimeout.TotalSeconds} seconds. Ask for the offset and go on from there."
                    : "The bytes broke off. Ask for the offset and go on from there.",
                e);
            return 0;
        }
    }

    public void Dispose()
    {
        _any.Dispose();
        _idle.Dispose();
    }
}
