using System.Numerics;

namespace Sharing.Core;

/// <summary>For whoever watches while it comes: the chunks just ahead of the reader in order, before any other.</summary>
sealed class FrontFirstPicker(IChunkPicker inner) : IChunkPicker
{
    /// <summary>Where the reader is, in chunks; -1: there is none.</summary>
    public int Front { get; set; } = -1;

    /// <summary>How many chunks ahead of him go first.</summary>
    public int Window { get; set; } = 16;

    public int Pick(ChunkPlan plan, PlannedSource source, Span<ulong> candidates)
    {
        for (var word = Front / 64; Front >= 0 && word < candidates.Length && word * 64 < Front + Window; word++)
        {
            var bits = word == Front / 64 ? candidates[word] & ulong.MaxValue << (Front % 64) : candidates[word];
            if (bits != 0 && (word * 64) + BitOperations.TrailingZeroCount(bits) is var chunk && chunk < Front + Window)
            {
                return chunk;
            }
        }

        return inner.Pick(plan, source, candidates);
    }
}
