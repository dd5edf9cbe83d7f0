using System.Buffers;

namespace Sharing.Messaging;

/// <summary>One who follows a log. What is followed is shared, his cursor is his own. Not thread-safe.</summary>
public sealed class PushFollower : IDisposable
{
    readonly PushStream _stream;
    readonly Action _left;
    bool _isDisposed;

    internal PushFollower(PushStream stream, Action left) => (_stream, _left) = (stream, left);

    /// <summary>Writes what comes after a number as server-sent events, not much at once; where there is nothing, it waits, and writes a comment at the next beat.</summary>
    /// <returns>The number up to which it has written.</returns>
    public ValueTask<long> WriteAfterAsync(long after, IBufferWriter<byte> to, CancellationToken cancellationToken) => _stream.WriteAfterAsync(after, to, cancellationToken);

    /// <summary>Waits until there is something after a number, or for the next beat.</summary>
    public Task WaitAfterAsync(long after, CancellationToken cancellationToken) => _stream.WaitAfterAsync(after, cancellationToken);

    /// <summary>Follows it no more.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _left();
        }
    }
}
