namespace Sharing.Core;

/// <summary>How a sweep goes about it.</summary>
public sealed record SweepOptions
{
    /// <summary>How long after the end of one sweep the next begins. 15 minutes.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a content stays after its last reference went. Longer than any writer takes from publishing to committing. 24 hours.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a partial content stays untouched. 7 days.</summary>
    public TimeSpan PartialAge { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The share of the store, above 0 and up to 1, that one sweep deletes at most when it cannot trust the clock. A tenth.</summary>
    public double Share { get; set; } = 0.1;

    /// <summary>What one sweep may delete even then, however small the store is. 100 contents, and as many partials.</summary>
    public int AtLeast { get; set; } = 100;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Grace, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(PartialAge, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(AtLeast);
        if (Share is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Share), Share, "The share is above 0 and up to 1.");
        }
    }
}
