namespace Sharing.P2P;

/// <summary>How many bytes of shares go out a second, over the last seconds. Thread-safe singleton.</summary>
public sealed class EgressMeter(TimeProvider time)
{
    const double Seconds = 5;

    readonly Lock _lock = new();
    double _bytes;
    long _at;

    /// <summary>The rate now; it falls while nothing goes out.</summary>
    public double BytesPerSecond
    {
        get
        {
            lock (_lock)
            {
                Age();
                return _bytes / Seconds;
            }
        }
    }

    /// <summary>Bytes went out.</summary>
    public void Count(long bytes)
    {
        lock (_lock)
        {
            Age();
            _bytes += bytes;
        }
    }

    void Age()
    {
        var now = time.GetTimestamp();
        _bytes *= _at == 0 ? 0 : Math.Exp(-time.GetElapsedTime(_at, now).TotalSeconds / Seconds);
        _at = now;
    }
}
