using System.Numerics;

namespace Sharing.Core;

/// <summary>From the front to the end, as long as no peer has anything: whole sources read on, and what is there can be used from its beginning.</summary>
sealed class InOrderPicker(IChunkPicker inner) : IChunkPicker
{
    public int Pick(ChunkPlan plan, PlannedSource source, Span<ulong> candidates)
    {
        if (plan.AnyHeldByPeers)
        {
            return inner.Pick(plan, source, candidates);
        }

        var word = candidates.IndexOfAnyExcept(0ul);
        return word < 0 ? -1 : (word * 64) + BitOperations.TrailingZeroCount(candidates[word]);
    }
}
