namespace Sharing.Core;

/// <summary>What a source was asked for in one read. Guarded by the transfer's gate.</summary>
sealed class Assignment(SourceSlot slot, long firstGroup, long endGroup, CancellationTokenSource reading)
{
    public SourceSlot Slot => slot;

    public long FirstGroup { get; private set; } = firstGroup;

    /// <summary>The first group that was not asked for.</summary>
    public long EndGroup { get; private set; } = endGroup;

    /// <summary>What has not arrived of it, in bytes.</summary>
    public long Left { get; private set; }

    /// <summary>Bytes of it that were kept, and were not here before.</summary>
    public long Kept { get; set; }

    /// <summary>Others are asked for the same: it seemed never to come.</summary>
    public bool IsDoubled { get; set; }

    /// <summary>It is not waited for: what it has not brought counts as asked of nobody.</summary>
    public bool IsGivenUp { get; set; }

    public void Ask(long endGroup, long bytes, double now)
    {
        (EndGroup, Left) = (endGroup, Left + bytes);
        slot.Ask(bytes, now);
    }

    /// <summary>It ends before what was asked for.</summary>
    public void Shorten(long endGroup)
    {
        Arrived(Math.Min(Left, (EndGroup - endGroup) * ContentTree.GroupSize));
        EndGroup = endGroup;
    }

    /// <summary>It begins somewhere else than was asked for.</summary>
    public void Move(long first) => FirstGroup = first;

    public void Arrived(long bytes)
    {
        var counted = Math.Min(bytes, Left);
        Left -= counted;
        slot.Ask(-counted, 0);
    }

    public void Cut() => reading.Cancel();
}
