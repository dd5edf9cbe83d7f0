namespace Sharing.Core;

/// <summary>Who fetches which chunk. Guarded by the transfer's gate.</summary>
sealed class ChunkBoard(PartialGroups groups, IReadOnlyList<SourceSlot> slots, IChunkSourceSelector selector, int chunkSize)
{
    /// <summary>How many chunks ahead are given away on paper to find one for a slower source.</summary>
    const int LookAhead = 64;

    readonly HashSet<long> _assigned = [];

    public int GroupsPerChunk { get; } = chunkSize / ContentTree.GroupSize;

    /// <summary>Gives the next chunk to a source if the selector would, of all that are missing.</summary>
    /// <remarks>Chunks that the selector gives to others count as queued there, so that a slower source also gets its part.</remarks>
    public long? Take(SourceSlot slot)
    {
        var able = slots.Where(s => s.CanServe).ToArray();
        if (!slot.CanServe)
        {
            return null;
        }

        var queued = new long[able.Length];
        var end = groups.State.Length is { } length ? ContentTree.GroupCount(length) : long.MaxValue;
        var looked = 0;
        for (var group = groups.Have.FirstMissing(0); group < end && looked < LookAhead; group = MissingAfter(group))
        {
            var chunk = group / GroupsPerChunk;
            if (_assigned.Contains(chunk))
            {
                continue;
            }

            var chosen = Select(able, queued);
            if (able[chosen] == slot)
            {
                return Assign(slot, chunk);
            }

            if (groups.State.Length is null)
            {
                return null; // nobody knows whether there are more
            }

            queued[chosen] += chunkSize;
            looked++;
        }

        return null;
    }

    /// <summary>Gives one chunk to a source that could go on with it, if nobody has it and the selector would.</summary>
    public bool TryTake(SourceSlot slot, long chunk)
    {
        var able = slots.Where(s => s.CanServe).ToArray();
        if (!slot.CanServe || _assigned.Contains(chunk) || able[Select(able, new long[able.Length])] != slot)
        {
            return false;
        }

        Assign(slot, chunk);
        return true;
    }

    public void Release(SourceSlot slot, long chunk)
    {
        _assigned.Remove(chunk);
        slot.Queued -= chunkSize;
    }

    long MissingAfter(long group) => groups.Have.FirstMissing(((group / GroupsPerChunk) + 1) * GroupsPerChunk);

    long Assign(SourceSlot slot, long chunk)
    {
        _assigned.Add(chunk);
        slot.Queued += chunkSize;
        return chunk;
    }

    int Select(SourceSlot[] able, long[] queued)
    {
        var quotes = new SourceQuote[able.Length];
        for (var i = 0; i < able.Length; i++)
        {
            quotes[i] = able[i].Quote(queued[i]);
        }

        return selector.Select(chunkSize, quotes);
    }
}
