namespace Sharing.Core;

/// <summary>Makes views of a transfer. Called in its gate, or after its end.</summary>
static class TransferViews
{
    public static TransferView Of(long? length, Bitfield have, SourceRoster sources, ChunkPlan plan, ChunkHistory? history, bool isComplete, double now) => new()
    {
        Length = length,
        ChunkSize = plan.ChunkSize,
        Chunks = length is { } known ? ChunksOf(have, ContentTree.GroupCount(known), sources, plan, history, isComplete) : [],
        Sources = [.. sources.Slots.Select(slot => Of(slot, now))],
    };

    static SourceView Of(SourceSlot slot, double now) => new()
    {
        Name = slot.Traits.Name, Kind = slot.Traits.Kind, BytesPerSecond = slot.RateAt(now), Latency = slot.Latency.TotalSeconds, QueuedBytes = slot.Queued, Failures = slot.Failures,
        BytesBrought = slot.Brought, BytesWasted = slot.Wasted, IsDropped = slot.Dropped, Reason = slot.LastError is { } error ? FetchFailures.Reason(error).Message : null,
    };

    static ChunkView[] ChunksOf(Bitfield have, long groups, SourceRoster sources, ChunkPlan plan, ChunkHistory? history, bool isComplete)
    {
        var (chunks, perChunk) = (new ChunkView[plan.Count], plan.ChunkSize / ContentTree.GroupSize);
        for (var chunk = 0; chunk < chunks.Length; chunk++)
        {
            var (first, end) = (chunk * (long)perChunk, Math.Min(groups, (chunk + 1) * (long)perChunk));
            var missing = isComplete ? end : have.FirstMissing(first);
            chunks[chunk] = missing == first && first < end
                ? new(ChunkState.Missing, -1)
                : new(missing < end ? ChunkState.Partial : ChunkState.Here, history?.BroughtBy(chunk) ?? (short)-1);
        }

        foreach (var slot in sources.Slots)
        {
            foreach (var read in slot.Reads)
            {
                for (var chunk = read.FirstGroup / perChunk; chunk < chunks.Length && chunk * perChunk < read.EndGroup; chunk++)
                {
                    if (chunks[chunk].State != ChunkState.Here)
                    {
                        chunks[chunk] = new(chunks[chunk].State == ChunkState.Missing ? ChunkState.Asked : ChunkState.Partial, (short)(slot.Number - 1));
                    }
                }
            }
        }

        return chunks;
    }
}
