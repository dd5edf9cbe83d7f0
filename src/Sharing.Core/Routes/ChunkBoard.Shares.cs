namespace Sharing.Core;

/// <content>How much a source is asked for, and what is taken from one that is late.</content>
sealed partial class ChunkBoard
{
    /// <summary>What a source is asked for in one read takes about so long.</summary>
    const double ReadSeconds = 0.25;

    /// <summary>And is no more than that, in bytes.</summary>
    const long MostAtOnce = 4 * 1024 * 1024;

    /// <summary>What a source is silent about for so long is asked of others.</summary>
    const double SilentSeconds = 1;

    /// <summary>So many reads may be under way however slowly they come.</summary>
    const int FewReads = 10;

    /// <summary>Of more, what has not arrived takes about so long at most.</summary>
    const double AheadSeconds = 0.5;

    /// <summary>Whether more is asked for than comes in a moment: to ask for still more would make all of it late, and keep others from those who are asked. Who is silent does not count.</summary>
    bool IsAhead(double now)
    {
        if (_assigned.Count < FewReads)
        {
            return false;
        }

        var (left, rate) = (0.0, 0.0);
        foreach (var read in _assigned)
        {
            if (read.Slot.SilentFor(now) <= SilentSeconds)
            {
                (left, rate) = (left + read.Left, rate + (read.Slot.RateAt(now) / read.Slot.Reads.Count));
            }
        }

        return left > rate * AheadSeconds;
    }

    /// <summary>A second read hides the time from asking to answering, where that is much of a chunk's; else it would only make both slower.</summary>
    int LanesOf(SourceSlot slot) => slot.Trusted && slot.RateAt(Now) * slot.Latency.TotalSeconds * 4 > _plan?.ChunkSize ? slot.Lanes : 1;

    /// <summary>One group of a source that has proven nothing, but for a server that chooses; one chunk, where others fetch, too; else as many that follow as the source brings in a moment, but no more than half of its
    /// share of what is left, so that all sources end at the same time.</summary>
    long EndOf(ChunkPlan plan, SourceSlot slot, int chunk, double now)
    {
        var first = chunk * (long)_groupsPerChunk;
        if (slot.Parts is null)
        {
            return first + _groupsPerChunk;
        }

        if (!slot.Trusted && !IsChooser(plan, slot))
        {
            return groups.Have.FirstMissing(first) + 1;
        }

        var (rate, all) = (slot.RateAt(now), plan.RateAt(now));
        var most = plan.AnyHeldByPeers || sources.MayCome || all == 0 ? 1 : Math.Min(Math.Min((long)(rate * ReadSeconds), MostAtOnce) / plan.ChunkSize, (long)(plan.Wanted * rate / all / 2));
        var end = chunk + 1;
        while (end < plan.Count && end - chunk < most && plan.Wants(end) && slot.Holds(end) && groups.Have.FirstMissing(end * (long)_groupsPerChunk) == end * (long)_groupsPerChunk)
        {
            end++;
        }

        return end * (long)_groupsPerChunk;
    }

    /// <summary>For a source that has nothing else to do: what others are silent about is wanted again, if it has it. Should it come after all it is taken.</summary>
    /// <returns>Whether there is such a thing.</returns>
    bool GiveUpSilent(ChunkPlan plan, SourceSlot slot, double now)
    {
        var any = false;
        foreach (var late in _assigned)
        {
            if (late.Slot != slot && late.Slot.Parts is not null && !late.IsGivenUp && late.Slot.SilentFor(now) > SilentSeconds && slot.Holds(ChunkOf(groups.Have.FirstMissing(late.FirstGroup))))
            {
                any = late.IsGivenUp = late.IsDoubled = true;
                WantMissing(plan, late);
            }
        }

        return any;
    }

    /// <summary>At the end, when all is asked for: asks for what another source brings late, if it should be here in half the time. Of several chunks for the last, which the other is
    /// not asked for any more; of one for the same once more.</summary>
    Assignment? TakeOver(ChunkPlan plan, SourceSlot slot, CancellationTokenSource reading, double now)
    {
        if (slot.Parts is null || !slot.Trusted || plan.Wanted > 0 || slot.RateAt(now) is not (> 0 and var rate))
        {
            return null;
        }

        var (best, gain, from) = (default(Assignment), 2.0, 0L);
        foreach (var late in _assigned)
        {
            var group = groups.Have.FirstMissing(late.FirstGroup);
            if (late.Slot == slot || late.IsDoubled || late.Slot.Parts is null || group >= late.EndGroup)
            {
                continue;
            }

            group = Math.Max(group, (late.EndGroup - 1) / _groupsPerChunk * _groupsPerChunk);
            var ratio = late.Slot.BusyFor(now) / (slot.Latency.TotalSeconds + ((late.EndGroup - group) * ContentTree.GroupSize / rate) + 0.02);
            if (ratio > gain && slot.Holds(ChunkOf(group)))
            {
                (best, gain, from) = (late, ratio, group);
            }
        }

        if (best is null)
        {
            return null;
        }

        var (end, isLast) = (best.EndGroup, groups.Have.FirstMissing(best.FirstGroup) >= from);
        if (isLast)
        {
            best.IsGivenUp = best.IsDoubled = true;
        }
        else
        {
            best.Shorten(from);
        }

        var taken = Assign(slot, from, end, reading, best.Slot);
        taken.IsDoubled = isLast;
        return taken;
    }
}
