namespace Sharing.Swarm;

/// <summary>The clock of a simulation: it stands still until somebody moves it.</summary>
sealed class VirtualTime : TimeProvider
{
    /// <summary>Seconds since the simulation began.</summary>
    public double Now { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => (long)(Now * TimestampFrequency);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(GetTimestamp());
}
