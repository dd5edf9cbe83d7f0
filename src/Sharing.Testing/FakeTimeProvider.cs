namespace Sharing.Testing;

/// <summary>A clock that stands still until a test moves it. Timers fire while it is moved, on the thread that moves it, in the order they are due.</summary>
/// <remarks>Thread-safe, but let one thread move it. A timer due at once fires on the thread pool.</remarks>
public sealed class FakeTimeProvider : TimeProvider
{
    readonly Lock _lock = new();
    readonly List<Timer> _timers = [];
    DateTimeOffset _wallClock;
    TimeSpan _elapsed;

    /// <summary>Starts at 2030-01-01, or at a time given.</summary>
    public FakeTimeProvider(DateTimeOffset? start = null) =>
        _wallClock = (start ?? new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)).ToUniversalTime();

    /// <summary>How many timers are set to fire some day: for tests that wait until the code under test waits.</summary>
    public int Timers
    {
        get
        {
            lock (_lock)
            {
                return _timers.Count;
            }
        }
    }

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _wallClock + _elapsed;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        lock (_lock)
        {
            return _elapsed.Ticks;
        }
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves on, stopping at each timer that becomes due, also those set meanwhile.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan end;
        lock (_lock)
        {
            end = _elapsed + by;
        }

        while (NextUntil(end) is { } timer)
        {
            timer.Fire();
        }
    }

    /// <summary>Sets the wall clock, as an operator or a time server does. Timers and timestamps take no notice.</summary>
    public void SetWallClock(DateTimeOffset now)
    {
        lock (_lock)
        {
            _wallClock = now.ToUniversalTime() - _elapsed;
        }
    }

    Timer? NextUntil(TimeSpan end)
    {
        lock (_lock)
        {
            var next = _timers.MinBy(timer => timer.Due);
            if (next is null || next.Due > end)
            {
                _elapsed = end > _elapsed ? end : _elapsed;
                return null;
            }

            _elapsed = next.Due > _elapsed ? next.Due : _elapsed;
            if (next.Period > TimeSpan.Zero)
            {
                next.Due = _elapsed + next.Period;
            }
            else
            {
                _timers.Remove(next);
            }

            return next;
        }
    }

    sealed class Timer(FakeTimeProvider time, TimerCallback callback, object? state) : ITimer
    {
        bool _disposed;

        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                if (_disposed)
                {
                    return false;
                }

                time._timers.Remove(this);
                Period = period;
                if (dueTime == TimeSpan.Zero)
                {
                    ThreadPool.QueueUserWorkItem(static timer => timer.Fire(), this, preferLocal: false);
                    dueTime = period > TimeSpan.Zero ? period : Timeout.InfiniteTimeSpan;
                }

                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = time._elapsed + dueTime;
                    time._timers.Add(this);
                }

                return true;
            }
        }

        public void Dispose()
        {
            lock (time._lock)
            {
                _disposed = true;
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
