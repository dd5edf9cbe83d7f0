namespace Sharing.Core;

/// <summary>Lets operations on one thing run side by side, and the one that ends it run alone.</summary>
/// <remarks>A write that were still under way while its bytes are published would change a published content. So the end first shuts
/// the gate, waits until everybody has left, and either keeps it shut or, having failed, opens it again.</remarks>
sealed class OperationGate(Type what)
{
    readonly Lock _lock = new();
    TaskCompletionSource? _drained;
    int _inside;
    bool _shut;

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
    /// <returns>Whether the caller shut it; <c>false</c> when it was shut before.</returns>
    public async ValueTask<bool> ShutAsync()
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

        await drained;
        return true;
    }

    /// <summary>Shuts the gate as <see cref="ShutAsync"/> does.</summary>
    /// <exception cref="ObjectDisposedException">It was shut before: somebody else ended it.</exception>
    public async ValueTask ShutOrThrowAsync()
    {
        ObjectDisposedException.ThrowIf(!await ShutAsync(), what);
    }

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

    public readonly struct Passage(OperationGate gate) : IDisposable
    {
        public void Dispose() => gate.Leave();
    }
}
