namespace Sharing.Tests.Social;

/// <summary>The system's time, some time later: for whoever speaks to servers that have clocks of their own.</summary>
sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
}
