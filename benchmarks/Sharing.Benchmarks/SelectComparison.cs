using Sharing.Core;

namespace Sharing.Benchmarks;

/// <summary>What it costs to choose the next chunk of a source, in a swarm that is under way.</summary>
/// <remarks>By processor time: it has no rival, and must not depend on what else the machine does.</remarks>
sealed class SelectComparison : Comparison
{
    const int Chunks = 10_000;
    const int ChunkSize = 256 * 1024;
    const double Allowed = 5e-6;
    static readonly int[] Peers = [50, 500, 5000];

    int _choices;

    public override string Name => "select";

    public override string About => $"{_choices:N0} choices of a chunk for a source, of {Chunks:N0} chunks, of which each peer has a random half; against 5 µs with 500 peers";

    public override double Target => 1;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides => [.. Peers.Select(peers => ($"{peers} peers", (Func<Task<Cost>>)(() => Task.FromResult(new Course(peers).Run(_choices)))))];

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
    [
        ("5 µs ÷ a choice among 500 peers", Allowed / (round["500 peers"].CpuSeconds / _choices)),
        .. round.Select(side => ($"µs a choice, {side.Key}", side.Value.CpuSeconds / _choices * 1e6)),
        ("bytes allocated in a choice", round.Values.Max(static cost => cost.More["allocated"]) / _choices),
    ];

    public override Task PrepareAsync(string folder, bool quick)
    {
        _choices = quick ? 50_000 : 500_000;
        return Task.CompletedTask;
    }

    /// <summary>Peers that each bring a chunk at a time, at rates between 0.1 and 10 MB/s.</summary>
    sealed class Course
    {
        readonly ChunkPlan _plan = new(Chunks, ChunkSize, new InOrderPicker(new RarestFirstPicker(new Random(1))), new CheapestSourceSelector());
        readonly Peer[] _peers;
        readonly int[] _chunks;
        readonly double[] _rates;
        readonly Random _random = new(2);

        public Course(int peers)
        {
            (_peers, _chunks, _rates) = (new Peer[peers], new int[peers], new double[peers]);
            for (var peer = 0; peer < peers; peer++)
            {
                (_peers[peer], _chunks[peer], _rates[peer]) = (new Peer(), -1, Math.Pow(10, 5 + (2 * _random.NextDouble())));
                _plan.Add(_peers[peer]);
                for (var chunk = 0; chunk < Chunks; chunk++)
                {
                    if (_random.Next(2) == 0)
                    {
                        _plan.Hold(_peers[peer], chunk, 1);
                    }
                }
            }

            Want();
        }

        public Cost Run(int choices)
        {
            Choose(choices / 10);
            var (cpu, bytes) = (Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread());
            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            Choose(choices);
            var seconds = System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds;
            bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
            return new(seconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, choices / seconds) { More = new Dictionary<string, double>(StringComparer.Ordinal) { ["allocated"] = bytes } };
        }

        void Choose(int choices)
        {
            for (var choice = 0; choice < choices; choice++)
            {
                var (at, now) = (choice % _peers.Length, choice * 1e-4);
                var peer = _peers[at];
                if (_chunks[at] >= 0)
                {
                    peer.Measure(ChunkSize, peer.Begun + (ChunkSize / _rates[at]));
                    peer.EndRead(now);
                    peer.Ask(-ChunkSize, now);
                }

                if (_plan.Wanted < Chunks / 2)
                {
                    Want();
                }

                _chunks[at] = _plan.Pick(peer, now);
                if (_chunks[at] >= 0)
                {
                    _plan.Unwant(_chunks[at]);
                    peer.Ask(ChunkSize, now);
                    peer.Begun = now;
                    peer.BeginRead(now);
                }
            }
        }

        void Want()
        {
            for (var chunk = 0; chunk < Chunks; chunk++)
            {
                _plan.Want(chunk);
            }
        }

        sealed class Peer() : PlannedSource(new SourceTraits("peer", SourceKind.Peer), holdsAll: false)
        {
            public double Begun { get; set; }

            public override bool CanServe => true;
        }
    }
}
