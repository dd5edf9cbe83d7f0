using System.Numerics;

namespace Sharing.Core;

/// <summary>The chunk that the fewest peers have; among equals one at random, so that terminals that begin together do not all ask for the same.</summary>
sealed class RarestFirstPicker(Random random) : IChunkPicker
{
    public int Pick(ChunkPlan plan, PlannedSource source, Span<ulong> candidates)
    {
        var start = random.Next(candidates.Length * 64);
        if (!candidates.ContainsAnyExcept(0ul))
        {
            return -1;
        }

        for (var level = 0; level < ChunkPlan.Levels; level++)
        {
            if (plan.CountAt(level) > 0 && PickOf(candidates, plan.Level(level), start) is var chunk and >= 0)
            {
                return chunk;
            }
        }

        return -1;
    }

    /// <summary>A bit that is in both, the first from a place on.</summary>
    static int PickOf(ReadOnlySpan<ulong> candidates, ReadOnlySpan<ulong> level, int start)
    {
        var word = start / 64;
        var bits = candidates[word] & level[word] & ulong.MaxValue << (start % 64);
        for (var step = 0; ; bits = candidates[word] & level[word])
        {
            if (bits != 0)
            {
                return (word * 64) + BitOperations.TrailingZeroCount(bits);
            }

            if (++step > candidates.Length) // the first word twice: its end, and in the end its beginning
            {
                return -1;
            }

            word = word + 1 == candidates.Length ? 0 : word + 1;
        }
    }
}
