namespace Sharing.Core;

/// <summary>Of what no peer has yet, each terminal first asks the server for a share of its own, so that the server gives every chunk away once.</summary>
/// <remarks>Nobody hands the shares out: the owner of a chunk is the terminal with the highest hash of both (rendezvous hashing), which all compute alike from
/// the terminals that they see. When a terminal's own share is fetched it goes on with others', whose owners may be slow or gone.</remarks>
sealed class FirstCopyPicker(IChunkPicker inner) : IChunkPicker
{
    ulong[] _own = [];

    /// <summary>Who is there now.</summary>
    /// <param name="chunks">How many chunks there are.</param>
    /// <param name="self">This terminal.</param>
    /// <param name="others">The other terminals that still fetch, in any order.</param>
    public void SetTerminals(int chunks, ulong self, ReadOnlySpan<ulong> others)
    {
        _own = new ulong[(chunks + 63) / 64];
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            var (mine, first) = (Mix(self, chunk), true);
            foreach (var other in others)
            {
                first &= Mix(other, chunk) <= mine;
            }

            if (first)
            {
                _own[chunk / 64] |= 1ul << (chunk % 64);
            }
        }
    }

    public int Pick(ChunkPlan plan, PlannedSource source, Span<ulong> candidates)
    {
        if (source.Held is not null || _own.Length != candidates.Length)
        {
            return inner.Pick(plan, source, candidates);
        }

        var nobodyHas = plan.Level(0);
        Span<ulong> own = stackalloc ulong[candidates.Length];
        var any = 0ul;
        for (var word = 0; word < own.Length; word++)
        {
            own[word] = candidates[word] & nobodyHas[word] & _own[word];
            any |= own[word];
        }

        return inner.Pick(plan, source, any != 0 ? own : candidates);
    }

    /// <summary>The finalizer of MurmurHash3 (Appleby, public domain): every bit depends on every bit.</summary>
    static ulong Mix(ulong terminal, int chunk)
    {
        var hash = terminal ^ ((ulong)chunk * 0x9E3779B97F4A7C15);
        hash = (hash ^ hash >> 33) * 0xFF51AFD7ED558CCD;
        hash = (hash ^ hash >> 33) * 0xC4CEB9FE1A85EC53;
        return hash ^ hash >> 33;
    }
}
