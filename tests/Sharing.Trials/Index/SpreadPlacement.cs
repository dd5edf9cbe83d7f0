using Sharing.Core;
using Sharing.P2P;

namespace Sharing.Trials.Index;

/// <summary>The terminals keep the index among themselves: real records, views and messages, without signatures. Who knows few asks, as by the share's link, for three who are there.</summary>
sealed class SpreadPlacement : IPlacement, IDisposable
{
    const int Life = 60_000;
    const int Few = 4;

    static readonly byte[] Prefix = Convert.FromHexString("3059301306072a8648ce3d020106082a8648ce3d03010703420004");
    static readonly byte[] Signature = new byte[64];

    readonly SpreadSwarm?[] _swarms = new SpreadSwarm?[IndexHistory.Terminals];
    readonly Dictionary<string, int> _numbers = [];
    readonly TestShare _share = new(IndexHistory.Chunks);
    readonly string _ticket;
    readonly Random _random;
    int _now;

    public SpreadPlacement(Random random)
    {
        (_random, _ticket) = (random, _share.ManifestAsync(TestShare.NameOf(0), DateTimeOffset.MaxValue.AddDays(-2)).GetAwaiter().GetResult().Ticket);
        for (var i = 0; i < IndexHistory.Terminals; i++)
        {
            _numbers.Add(PeerCertificates.NameOf(KeyOf(i)), i);
        }
    }

    public int Servers => 0;

    public int ConvergesWithin => 31;

    public async Task SecondAsync(
        IndexTerminal[] terminals, int now, Func<IndexTerminal, IndexTerminal, bool> reaches, Func<IndexTerminal, int, bool> reachesServer, CancellationToken cancellationToken)
    {
        _now = now * 1000;
        foreach (var terminal in terminals.Where(static terminal => terminal.IsThere))
        {
            var swarm = _swarms[terminal.Number] ??= new SpreadSwarm(new(IndexHistory.Chunks, Life, KeyOf(terminal.Number), static _ => Signature, static (_, _) => true), _random);
            swarm.Say(terminal.Self() with { Device = PeerCertificates.NameOf(KeyOf(terminal.Number)), Chunks = "" }, terminal.Chunks(), _ticket, _now);
            SwarmMember[] start = [];
            if (swarm.Look(Few, _now).Count < Few)
            {
                var others = terminals.Where(other => other != terminal && reaches(terminal, other)).ToArray();
                _random.Shuffle(others);
                start = [.. others.Take(3).Select(other => other.Self() with { Device = PeerCertificates.NameOf(KeyOf(other.Number)) })];
            }

            await swarm.ExchangeAsync(start, () => _now, (partner, question) =>
            {
                var other = terminals[_numbers[partner.Device]];
                return new(reaches(terminal, other) ? _swarms[other.Number]?.Answer(question, _now) : null);
            });
        }
    }

    public Task LeaveAsync(IndexTerminal terminal, Func<IndexTerminal, int, bool> reachesServer)
    {
        Crash(terminal); // without a farewell: it is the harder case
        return Task.CompletedTask;
    }

    public void Crash(IndexTerminal terminal) => _swarms[terminal.Number] = null;

    public void CrashServer(int server)
    {
        // there is none
    }

    public bool Knows(IndexTerminal terminal, int chunk, Func<int, bool> accepts) => _swarms[terminal.Number]?.Knows(chunk, device => accepts(_numbers[device.ToString()])) == true;

    public void Dispose() => _share.Dispose();

    static byte[] KeyOf(int terminal)
    {
        var key = new byte[64];
        key[0] = (byte)(terminal + 1);
        return [.. Prefix, .. key];
    }
}
