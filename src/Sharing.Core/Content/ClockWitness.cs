namespace Sharing.Core;

/// <summary>Says whether the wall clock can be trusted: it must not have run further than monotonic time since it was asked last. Not thread-safe.</summary>
sealed class ClockWitness(TimeProvider time)
{
    static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    (DateTimeOffset Wall, long Monotonic)? _last;

    /// <summary>Whether what the clock says can be acted on without a limit; not at the first time, when there is nothing to compare with.</summary>
    public bool Ask()
    {
        var now = (Wall: time.GetUtcNow(), Monotonic: time.GetTimestamp());
        var trusted = _last is { } last && now.Wall - last.Wall <= time.GetElapsedTime(last.Monotonic, now.Monotonic) + Tolerance;
        _last = now;
        return trusted;
    }
}
