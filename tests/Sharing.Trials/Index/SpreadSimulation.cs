using Sharing.Core;
using Sharing.P2P;

namespace Sharing.Trials.Index;

/// <summary>Many members of a spread index under virtual time: the real records, views and messages, without signatures, which would take all the time there is.</summary>
/// <remarks>Each member has a moment of its own in each second at which it asks. All join in the first five seconds. Bytes are those of the messages' bodies.</remarks>
sealed class SpreadSimulation
{
    public const int Chunks = 256;
    const int Life = 60_000;

    readonly Random _random;
    readonly Member[] _members;
    readonly Dictionary<string, Member> _byDevice = new(StringComparer.Ordinal);
    readonly string _ticket;
    long _now;

    /// <param name="members">How many.</param>
    /// <param name="seed">The chance.</param>
    /// <param name="holdings">What each has.</param>
    /// <param name="share">The share.</param>
    /// <param name="oneStart">Whether all know the same member to begin with; otherwise each one that is there before it.</param>
    public SpreadSimulation(int members, int seed, Func<int, Random, List<(int, int)>> holdings, TestShare share, bool oneStart)
    {
        _random = new Random(seed);
        _ticket = share.ManifestAsync(TestShare.NameOf(0), DateTimeOffset.MaxValue.AddDays(-2)).GetAwaiter().GetResult().Ticket;
        _members = new Member[members];
        for (var i = 0; i < members; i++)
        {
            _members[i] = new Member(i, ChunkSet.Of(holdings(i, _random)), new Random(_random.Next()), i == 0 ? 0 : _random.Next(SpreadSwarm.Pause), i == 0 ? 0 : _random.Next(5000));
            _byDevice.Add(_members[i].Said.Device, _members[i]);
        }

        var there = _members.OrderBy(static member => member.Begins).ToArray();
        for (var i = 1; i < members; i++)
        {
            there[i].Start = [there[oneStart ? 0 : _random.Next(i)].Said];
        }
    }

    /// <summary>What <see cref="Lacking"/> was after each second.</summary>
    public List<int> Timeline { get; } = [];

    public IEnumerable<Member> Alive => _members.Where(member => member.IsAlive);

    public double Seconds => _now / 1000.0;

    /// <summary>Bytes of bodies that a member sent in a second, on average over all of them and the time.</summary>
    public double BytesPerSecond => _members.Sum(static member => (double)member.Sent) / _members.Sum(static member => (double)member.Seconds);

    /// <summary>That of each member, the most first.</summary>
    public double[] EachBytesPerSecond => [.. _members.Where(static member => member.Seconds > 0).Select(static member => (double)member.Sent / member.Seconds).OrderDescending()];

    /// <summary>What the members' views take, the largest.</summary>
    public int LargestView => Alive.Max(static member => member.Swarm.Bytes);

    public void Crash(double part)
    {
        foreach (var member in Alive.Skip(1).ToArray())
        {
            member.IsAlive = _random.NextDouble() >= part;
        }
    }

    /// <summary>Goes on until everybody knows somebody alive who has it, for each chunk that somebody alive has; or so long.</summary>
    /// <returns>How many seconds it took; <c>null</c>: longer.</returns>
    public async Task<double?> UntilConvergedAsync(int mostSeconds)
    {
        var begun = _now;
        while (_now - begun < mostSeconds * 1000)
        {
            await SecondAsync();
            Timeline.Add(Lacking());
            if (Timeline[^1] == 0)
            {
                return (_now - begun) / 1000.0;
            }
        }

        return null;
    }

    /// <summary>How many pairs of a member and a chunk there are, of which it knows nobody.</summary>
    public int Lacking()
    {
        var held = new bool[Chunks];
        foreach (var member in Alive)
        {
            foreach (var (first, last) in member.Chunks)
            {
                held.AsSpan(first, last - first + 1).Fill(true);
            }
        }

        var lacking = 0;
        foreach (var member in Alive)
        {
            var own = new bool[Chunks];
            foreach (var (first, last) in member.Chunks)
            {
                own.AsSpan(first, last - first + 1).Fill(true);
            }

            for (var chunk = 0; chunk < Chunks; chunk++)
            {
                lacking += held[chunk] && !own[chunk] && !member.Swarm.Knows(chunk, IsAlive) ? 1 : 0;
            }
        }

        return lacking;
    }

    bool IsAlive(DeviceName device) => _byDevice[device.ToString()].IsAlive;

    async Task SecondAsync()
    {
        foreach (var member in _members.OrderBy(static member => member.Moment))
        {
            var now = _now + member.Moment;
            if (!member.IsAlive || now < member.Joins)
            {
                continue;
            }

            member.Seconds++;
            member.Swarm.Say(member.Said, member.Chunks, _ticket, now);
            await member.Swarm.ExchangeAsync(member.Start, () => now, (asked, question) =>
            {
                member.Sent += question.Length;
                var partner = _byDevice[asked.Device];
                var answer = partner.IsAlive ? partner.Swarm.Answer(question, now) : null;
                partner.Sent += answer?.Length ?? 0;
                return new(answer);
            });
        }

        _now += SpreadSwarm.Pause;
    }

    /// <summary>One of them.</summary>
    public sealed class Member
    {
        static readonly byte[] Prefix = Convert.FromHexString("3059301306072a8648ce3d020106082a8648ce3d03010703420004");
        static readonly byte[] Signature = new byte[64];

        public Member(int number, ChunkSet chunks, Random random, int moment, int joins)
        {
            (Chunks, Moment, Joins) = (chunks, moment, joins);
            var key = new byte[64];
            BitConverter.TryWriteBytes(key, number);
            Said = new SwarmMember { Device = PeerCertificates.NameOf([.. Prefix, .. key]), Addresses = [$"10.{number >> 16}.{(number >> 8) & 255}.{number & 255}:7400"], Session = 1 };
            Swarm = new SpreadSwarm(new(SpreadSimulation.Chunks, Life, [.. Prefix, .. key], static _ => Signature, static (_, _) => true), random);
        }

        public SwarmMember Said { get; }

        public ChunkSet Chunks { get; }

        public SpreadSwarm Swarm { get; }

        public int Moment { get; }

        public int Joins { get; }

        /// <summary>When it asks for the first time.</summary>
        public int Begins => Joins + ((Moment - (Joins % SpreadSwarm.Pause) + SpreadSwarm.Pause) % SpreadSwarm.Pause);

        public SwarmMember[] Start { get; set; } = [];

        public long Sent { get; set; }

        /// <summary>How long it was there.</summary>
        public int Seconds { get; set; }

        public bool IsAlive { get; set; } = true;
    }
}
