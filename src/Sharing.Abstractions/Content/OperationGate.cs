namespace Sharing;

/// <summary>For authors of <see cref="IContentStore"/>: lets operations on one thing run side by side, and the one that ends it run alone.</summary>
/// <remarks>A write that were still under way while its bytes are published would change a published content. So the end first shuts
/// the gate, waits until everybody has left, and either keeps it shut or, having failed, opens it again. Thread-safe.</remarks>
/// <param name="what">What is guarded: named where somebody comes too late.</param>
public sealed class OperationGate(Type what)
{
    readonly Lock _lock = new();
    TaskCompletionSource? _drained;
    int _inside;
    bool _shut;

    /// <summary>Goes in, until what is returned is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The gate is shut.</exception>
    public Passage Enter()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_shut, what);
            _inside++;
            return new(this);
        }
    }

    /// <summary>Shuts the gate and waits until nobody is inside.</summary>
    /// <param name="cancellationToken">Gives up waiting: then the gate is open.</param>
    /// <returns>Whether the caller shut it; <c>false</c> when it was shut before.</returns>
    public async ValueTask<bool> ShutAsync(CancellationToken cancellationToken = default)
    {
        Task drained;
        lock (_lock)
        {
            if (_shut)
            {
                return false;
            }

            _shut = true;
            if (_inside == 0)
            {
                return true;
            }

            _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
            drained = _drained.Task;
        }

        try
        {
            await drained.WaitAsync(cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            Reopen();
            throw;
        }
    }

    /// <summary>Shuts the gate as <see cref="ShutAsync"/> does.</summary>
    /// <param name="cancellationToken">Gives up waiting: then the gate is open.</param>
    /// <exception cref="ObjectDisposedException">It was shut before: somebody else ended it.</exception>
    public async ValueTask ShutOrThrowAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(!await ShutAsync(cancellationToken), what);
    }

    /// <summary>Opens it again: the end has failed.</summary>
    public void Reopen()
    {
        lock (_lock)
        {
            (_shut, _drained) = (false, null);
        }
    }

    void Leave()
    {
        lock (_lock)
        {
            if (--_inside == 0)
            {
                _drained?.TrySetResult();
            }
        }
    }

#pragma warning disable CA1815 // it is disposed, never compared
    /// <summary>Somebody is inside.</summary>
    public readonly struct Passage : IDisposable
    {
        readonly OperationGate _gate;

        internal Passage(OperationGate gate) => _gate = gate;

        /// <summary>Leaves.</summary>
        public void Dispose() => _gate.Leave();
    }
}
