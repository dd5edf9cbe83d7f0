namespace Sharing.P2P;

/// <summary>Keeps what goes out within so many bytes a second: a bucket that holds a quarter of a second's worth, in the order in which they ask. Thread-safe.</summary>
/// <param name="bytesPerSecond">The rate; 0: as fast as it goes.</param>
/// <param name="time">The clock.</param>
sealed class UploadRate(long bytesPerSecond, TimeProvider time)
{
    const double BurstSeconds = 0.25;

    readonly Lock _lock = new();
    readonly long _started = time.GetTimestamp();
    double _paidUntil = -BurstSeconds;

    public bool IsLimited => bytesPerSecond > 0;

    /// <summary>Ends when so many bytes may go.</summary>
    public ValueTask TakeAsync(int bytes, CancellationToken cancellationToken = default)
    {
        double wait;
        lock (_lock)
        {
            var now = time.GetElapsedTime(_started).TotalSeconds;
            var from = Math.Max(_paidUntil, now - BurstSeconds);
            _paidUntil = from + ((double)bytes / bytesPerSecond);
            wait = _paidUntil - now;
        }

        return wait <= 0 ? default : new(Task.Delay(TimeSpan.FromSeconds(wait), time, cancellationToken));
    }
}
