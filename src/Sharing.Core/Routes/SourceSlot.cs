namespace Sharing.Core;

/// <summary>What a transfer knows of one of its sources. Guarded by the transfer's gate.</summary>
sealed class SourceSlot(IContentSource source)
{
    public IContentSource Source { get; } = source;

    public SourceOffer? Offer { get; set; }

    /// <summary>Cuts the read that is under way.</summary>
    public CancellationTokenSource? Reading { get; set; }

    public long Queued { get; set; }

    public double Rate { get; set; }

    public TimeSpan Latency { get; set; }

    public int Failures { get; set; }

    /// <summary>It failed, and is left alone for a while. Ended by whoever began it, not by a clock, which may jump.</summary>
    public bool Resting { get; set; }

    public bool Dropped { get; set; }

    /// <summary>It was dropped for what it has, or will never have, and not because it failed too often.</summary>
    public bool Useless { get; set; }

    public Exception? LastError { get; set; }

    public bool IsProven => Offer?.ContentId is not null;

    public bool CanServe => Offer is not null && !Dropped && !Resting;

    public SourceQuote Quote(long alsoQueued) => new(
        Source.Traits.Name, Source.Traits.Kind, Rate, Queued + alsoQueued, Latency, Source.Traits.PricePerByte);

    /// <summary>Moves the measured rate towards what was seen just now.</summary>
    public void Measure(long bytes, TimeSpan time)
    {
        if (time > TimeSpan.Zero)
        {
            var seen = bytes / time.TotalSeconds;
            Rate = Rate > 0 ? (0.8 * Rate) + (0.2 * seen) : seen;
        }
    }
}
