namespace Sharing.Tests.Content;

/// <summary>A wall clock and a monotonic one, moved by hand, together or apart.</summary>
sealed class TwoClocks : TimeProvider
{
    long _wall = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).Ticks;
    long _monotonic;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _wall), TimeSpan.Zero);

    public override long GetTimestamp() => Volatile.Read(ref _monotonic);

    public void Pass(TimeSpan span)
    {
        Interlocked.Add(ref _wall, span.Ticks);
        Interlocked.Add(ref _monotonic, span.Ticks);
    }

    public void Jump(TimeSpan span) => Interlocked.Add(ref _wall, span.Ticks);
}
