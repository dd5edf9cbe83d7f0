using Sharing.P2P;

namespace Sharing.Trials.Index;

/// <summary>A terminal of a history.</summary>
sealed class IndexTerminal(int number)
{
    readonly SortedSet<int> _chunks = [];
    int _session, _version;

    public int Number => number;

    public string Device { get; } = TestShare.NameOf(number);

    public bool IsThere { get; set; }

    /// <summary>On which side of a cut in the net it is.</summary>
    public int Side { get; set; }

    public int Joined { get; private set; }

    /// <summary>When it announces itself next.</summary>
    public int Next { get; set; }

    public bool Has(int chunk) => _chunks.Contains(chunk);

    public void Join(int now, Random random)
    {
        (IsThere, Joined, Next, _session, _version) = (true, now, now, _session + 1, 0);
        _chunks.Clear();
        for (var i = random.Next(4); i > 0; i--)
        {
            _chunks.Add(random.Next(IndexHistory.Chunks));
        }
    }

    public void Get(int chunk) => _chunks.Add(chunk);

    public ChunkSet Chunks()
    {
        var runs = new List<(int First, int Last)>();
        foreach (var chunk in _chunks)
        {
            if (runs.Count > 0 && runs[^1].Last == chunk - 1)
            {
                runs[^1] = (runs[^1].First, chunk);
            }
            else
            {
                runs.Add((chunk, chunk));
            }
        }

        return ChunkSet.Of(runs);
    }

    public SwarmMember Self() => new() { Device = Device, Addresses = [$"10.0.0.{number + 1}:7400"], Session = _session, Version = _version++, Chunks = Chunks().ToString() };
}
