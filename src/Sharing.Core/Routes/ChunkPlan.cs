using System.Numerics;
using System.Runtime.InteropServices;

namespace Sharing.Core;

/// <summary>Which chunks are wanted, who has them, and who is asked for which: the same code in a transfer and in the simulator. Not thread-safe.</summary>
/// <remarks>Knows nothing of bytes and connections. Chunks are numbered from 0; sets of them are words of 64, and so are, for each chunk, the sources that have it. A choice costs
/// one pass over the words of a set and one over the sources that have the chunk, and allocates nothing.</remarks>
sealed class ChunkPlan
{
    /// <summary>Chunks are told apart by how many peers have them, up to this many less one.</summary>
    public const int Levels = 64;

    /// <summary>How long what all sources bring together is taken for the same.</summary>
    const double RatedSeconds = 0.005;

    readonly IChunkPicker _picker;
    readonly IChunkSourceSelector _selector;
    readonly List<PlannedSource> _sources = [];
    readonly List<PlannedSource?> _places = [];
    readonly ulong[] _wanted;
    readonly ulong[] _candidates;
    readonly int[] _holders;
    readonly ulong[] _levels;
    readonly int[] _atLevel = new int[Levels];
    readonly int _words;
    ulong[] _having;
    int _stride = 1;
    SourceQuote[] _quotes = new SourceQuote[8];
    double _rate;
    double _rated = double.NegativeInfinity;

    /// <param name="count">How many chunks there are.</param>
    /// <param name="chunkSize">Bytes in each, but for the last.</param>
    /// <param name="picker">Says which chunk a source is asked for.</param>
    /// <param name="selector">Says whether it is asked at all.</param>
    public ChunkPlan(int count, int chunkSize, IChunkPicker picker, IChunkSourceSelector selector)
    {
        (Count, ChunkSize, _picker, _selector, _words) = (count, chunkSize, picker, selector, (count + 63) / 64);
        (_wanted, _candidates, _holders, _levels) = (new ulong[_words], new ulong[_words], new int[count], new ulong[_words * Levels]);
        _having = new ulong[count];
        for (var chunk = 0; chunk < count; chunk++)
        {
            _levels[chunk / 64] |= 1ul << (chunk % 64);
        }

        _atLevel[0] = count;
    }

    public int Count { get; }

    public int ChunkSize { get; }

    /// <summary>How many chunks are wanted and given to nobody.</summary>
    public int Wanted { get; private set; }

    public bool AnyHeldByPeers => _atLevel[0] < Count;

    public IReadOnlyList<PlannedSource> Sources => _sources;

    /// <summary>How many chunks that many peers have.</summary>
    public int CountAt(int level) => _atLevel[level];

    /// <summary>The chunks that that many peers have.</summary>
    public ReadOnlySpan<ulong> Level(int level) => _levels.AsSpan(level * _words, _words);

    public bool Wants(int chunk) => Has(_wanted, chunk);

    public void Want(int chunk)
    {
        Wanted += Wants(chunk) ? 0 : 1;
        _wanted[chunk / 64] |= 1ul << (chunk % 64);
    }

    /// <summary>It is there, or somebody was asked for it.</summary>
    public void Unwant(int chunk)
    {
        Wanted -= Wants(chunk) ? 1 : 0;
        _wanted[chunk / 64] &= ~(1ul << (chunk % 64));
    }

    public bool NobodyHas(int chunk) => _holders[chunk] == 0;

    /// <summary>Some of the wanted chunks that no peer has, all where they are few.</summary>
    /// <returns>How many.</returns>
    public int SampleUnheld(Span<int> chunks, Random random)
    {
        var (found, start) = (0, random.Next(Count));
        for (var step = 0; step < Count && found < chunks.Length; step++)
        {
            var chunk = start + step < Count ? start + step : start + step - Count;
            if (_holders[chunk] == 0 && Wants(chunk))
            {
                chunks[found++] = chunk;
            }
        }

        return found;
    }

    public void Add(PlannedSource source)
    {
        source.Place = _places.IndexOf(null) is >= 0 and var free ? free : _places.Count;
        if (source.Place == _places.Count)
        {
            _places.Add(null);
        }

        _places[source.Place] = source;
        MakeRoom(source.Place);
        _sources.Add(source);
        _rated = double.NegativeInfinity;
        Count1(source, +1);
    }

    public void Remove(PlannedSource source)
    {
        if (_sources.Remove(source))
        {
            Count1(source, -1);
            _places[source.Place] = null;
            _rated = double.NegativeInfinity;
        }
    }

    /// <summary>A peer that was added has more chunks.</summary>
    public void Hold(PlannedSource peer, int first, int count)
    {
        if (peer.Held is not { } held || held.Length < _words)
        {
            held = new ulong[_words];
            peer.Held?.CopyTo(held, 0);
            peer.Held = held;
        }

        for (var chunk = first; chunk < first + count; chunk++)
        {
            if (!Has(held, chunk))
            {
                held[chunk / 64] |= 1ul << (chunk % 64);
                Move(chunk, +1);
                Have(chunk, peer, +1);
            }
        }
    }

    /// <summary>The chunk that a source should be asked for now, as the picker and the selector see it; -1: none. It is wanted until the caller says otherwise.</summary>
    public int Pick(PlannedSource source, double now)
    {
        if (!source.CanServe || Wanted == 0 || source.IsHeldBack(now))
        {
            return -1;
        }

        CandidatesOf(source);
        var chunk = _picker.Pick(this, source, _candidates);
        return chunk >= 0 && Prefers(source, chunk, orAfterAll: true, now) ? chunk : -1;
    }

    /// <summary>Whether the selector would have this source rather than any other that has the chunk.</summary>
    /// <param name="source">The source.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="orAfterAll">Rather, that is, than to wait until the others have brought all else that is wanted.</param>
    /// <param name="now">The time.</param>
    public bool Prefers(PlannedSource source, int chunk, bool orAfterAll, double now)
    {
        if (_quotes.Length < _sources.Count)
        {
            Array.Resize(ref _quotes, Math.Max(_sources.Count, 2 * _quotes.Length));
        }

        var rate = orAfterAll ? RateAt(now) - source.RateAt(now) : 0;
        var after = rate > 0 ? (double)Wanted * ChunkSize / rate : 0;
        var (count, own) = (0, -1);
        var places = CollectionsMarshal.AsSpan(_places);
        for (var word = 0; word < _stride; word++)
        {
            for (var bits = _having[(chunk * _stride) + word]; bits != 0; bits &= bits - 1)
            {
                var other = places[(word * 64) + BitOperations.TrailingZeroCount(bits)]!;
                if (other == source)
                {
                    own = count;
                    _quotes[count++] = other.Quote(now);
                }
                else if (other.CanServe && !other.IsHeldBack(now)) // who says no for now is not waited for
                {
                    _quotes[count++] = other.Quote(now, after);
                }
            }
        }

        return own >= 0 && _selector.Select(ChunkSize, _quotes.AsSpan(0, count)) == own;
    }

    /// <summary>Bytes a second of all sources together, as they were a moment ago at most.</summary>
    public double RateAt(double now)
    {
        if (now >= _rated + RatedSeconds || now < _rated)
        {
            (_rate, _rated) = (0, now);
            foreach (var source in CollectionsMarshal.AsSpan(_sources))
            {
                _rate += source.CanServe ? source.RateAt(now) : 0;
            }
        }

        return _rate;
    }

    void CandidatesOf(PlannedSource source)
    {
        if (source.Held is not { } held)
        {
            _wanted.CopyTo(_candidates, 0);
            return;
        }

        var common = Math.Min(held.Length, _words);
        Meet(_wanted.AsSpan(0, common), held.AsSpan(0, common), _candidates);
        _candidates.AsSpan(common).Clear();
    }

    static void Meet(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right, Span<ulong> both)
    {
        for (var word = 0; word < left.Length; word++)
        {
            both[word] = left[word] & right[word];
        }
    }

    void Count1(PlannedSource source, int by)
    {
        for (var chunk = 0; chunk < Count; chunk++)
        {
            if (source.Holds(chunk))
            {
                Have(chunk, source, by);
                if (source.Held is not null)
                {
                    Move(chunk, by);
                }
            }
        }
    }

    /// <summary>Notes that a source has a chunk, or has it no more.</summary>
    void Have(int chunk, PlannedSource source, int by)
    {
        ref var word = ref _having[(chunk * _stride) + (source.Place / 64)];
        var bit = 1ul << (source.Place % 64);
        word = by > 0 ? word | bit : word & ~bit;
    }

    void MakeRoom(int place)
    {
        while (place / 64 >= _stride)
        {
            var wider = new ulong[_having.Length * 2];
            for (var chunk = 0; chunk < Count; chunk++)
            {
                _having.AsSpan(chunk * _stride, _stride).CopyTo(wider.AsSpan(chunk * _stride * 2));
            }

            (_having, _stride) = (wider, _stride * 2);
        }
    }

    void Move(int chunk, int by)
    {
        var before = Math.Min(_holders[chunk], Levels - 1);
        var after = Math.Min(_holders[chunk] += by, Levels - 1);
        if (before != after)
        {
            var (word, bit) = (chunk / 64, 1ul << (chunk % 64));
            _levels[(before * _words) + word] &= ~bit;
            _levels[(after * _words) + word] |= bit;
            _atLevel[before]--;
            _atLevel[after]++;
        }
    }

    static bool Has(ulong[] set, int chunk) => chunk / 64 < set.Length && (set[chunk / 64] >> (chunk % 64) & 1) != 0;
}
