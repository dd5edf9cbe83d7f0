namespace Sharing.Core;

/// <summary>Flushes one directory for everybody who asks meanwhile: whoever comes while a flush runs waits for the next, and one of them runs that
/// for all. Thread-safe; blocks.</summary>
sealed class DirectoryFlush(Action flush)
{
    readonly object _lock = new();
    Round _next = new();
    bool _running;

    /// <summary>Returns when a flush that began after this call has ended.</summary>
    /// <exception cref="IOException">That flush failed: for all who waited for it.</exception>
    /// <exception cref="SharingException">The same, for want of room.</exception>
    public void Run()
    {
        Round mine;
        lock (_lock)
        {
            mine = _next;
            while (_running && !mine.Ended)
            {
                Monitor.Wait(_lock);
            }

            if (mine.Ended)
            {
                mine.ThrowIfFailed();
                return;
            }

            _running = true;
            _next = new();
        }

        try
        {
            flush();
        }
        catch (Exception fault)
        {
            mine.Fault = fault;
            throw;
        }
        finally
        {
            lock (_lock)
            {
                mine.Ended = true;
                _running = false;
                Monitor.PulseAll(_lock);
            }
        }
    }

    sealed class Round
    {
        public bool Ended { get; set; }

        public Exception? Fault { get; set; }

        public void ThrowIfFailed()
        {
            switch (Fault)
            {
                case null: return;
                case SharingException full: throw new SharingException(full.Code, full.Message, full);
                default: throw new IOException(Fault.Message, Fault);
            }
        }
    }
}
