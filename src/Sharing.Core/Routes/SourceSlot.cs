namespace Sharing.Core;

/// <summary>What a transfer knows of one of its sources. Guarded by the transfer's gate.</summary>
sealed class SourceSlot(IContentSource source) : PlannedSource(source.Traits, (source as IPartSource)?.WatchHeldAsync() is null)
{
    long _brought;
    long _wasted;

    /// <summary>Less cannot be said in the header.</summary>
    static readonly TimeSpan LeastRetryAfter = TimeSpan.FromSeconds(1);

    public IContentSource Source => source;

    /// <summary>Where it brings parts, and not only all that follows.</summary>
    public IPartSource? Parts { get; } = source as IPartSource;

    /// <summary>Its place among the transfer's sources, from 1 on; as many as can be told apart.</summary>
    public short Number { get; init; }

    public SourceOffer? Offer { get; set; }

    /// <summary>The reads that are under way.</summary>
    public List<Assignment> Reads { get; } = [];

    public int Failures { get; set; }

    /// <summary>It failed, and is left alone for a while. Ended by whoever began it, not by a clock, which may jump.</summary>
    public bool Resting { get; set; }

    /// <summary>A read of it failed, and what follows from that is not decided yet.</summary>
    public bool Failing { get; set; }

    public bool Dropped { get; set; }

    /// <summary>It was dropped for what it has, or will never have, and not because it failed too often.</summary>
    public bool Useless { get; set; }

    /// <summary>Something that it brought was proven right. Until then it is asked for one group, whoever it is.</summary>
    public bool Trusted { get; set; }

    public Exception? LastError { get; set; }

    /// <summary>Bytes that it brought. Counted at any time.</summary>
    public long Brought => Interlocked.Read(ref _brought);

    /// <summary>Bytes of reads that are over, and were not kept. Counted at any time.</summary>
    public long Wasted => Interlocked.Read(ref _wasted);

    /// <summary>Whether a peer costs more than it brings: one that has proven nothing may not leave a single byte in vain, another a group, and a byte of eight.</summary>
    public bool IsWasteful => Source.Traits.Kind == SourceKind.Peer && Wasted > (Trusted ? ContentTree.GroupSize + ((Brought - Wasted) / 8) : 0);

    public override bool CanServe => Offer is not null && !Dropped && !Resting && !Failing;

    /// <summary>How many reads may be under way at once: the next request is there when an answer ends.</summary>
    public int Lanes => Parts is null ? 1 : 2;

    public void CountBrought(long bytes) => Interlocked.Add(ref _brought, bytes);

    public void CountWasted(long bytes) => Interlocked.Add(ref _wasted, bytes);

    /// <summary>It failed: how long it is left alone, longer each time; <c>null</c>: it failed too often in a row and is of those that are given up then, or wastes too much. A server or a peer that says
    /// when to come again is busy, and has not failed.</summary>
    public TimeSpan? RestAfterFailure(TransferOptions options, TimeSpan? asked, bool isGivenUp = true)
    {
        if (asked is { } busy && Source.Traits.Kind is (SourceKind.Server or SourceKind.Peer))
        {
            return Source.Traits.Kind == SourceKind.Peer && busy <= LeastRetryAfter ? options.FirstRest * 2 : busy; // a peer has a slot again after a chunk
        }

        if ((++Failures >= options.MaxFailures && isGivenUp) || IsWasteful)
        {
            return null;
        }

        var rest = TimeSpan.FromSeconds(Math.Min(30, options.FirstRest.TotalSeconds * Math.Pow(2, Math.Min(20, Failures - 1))));
        return asked > rest ? asked : rest;
    }

    public void CutReads()
    {
        foreach (var read in Reads)
        {
            read.Cut();
        }
    }
}
