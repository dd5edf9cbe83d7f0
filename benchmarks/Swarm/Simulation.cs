using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing.Swarm;

/// <summary>A server and terminals under virtual time. It moves bytes; what is asked of whom is decided by the product's board, selector, index and choice of first copies.</summary>
/// <remarks>What is not as in a transfer: bytes are told to a terminal when it decides something, at most every two milliseconds and at least every tenth of a second; a terminal that hears of one more chunk asks only the source that
/// has it, and the others within 20 ms of the end of a read, or at the next look; a read's groups are taken together at its end.</remarks>
sealed partial class Simulation : IDisposable
{
    const double LookAgain = 0.1;
    const double Waking = 0.02;
    const double JustNow = 0.002;
    const int Server = 0;

    static readonly ContentId Content = new(Enumerable.Repeat((byte)1, ContentId.Size).ToArray());
    static readonly string[] Addresses = ["10.0.0.1:7400"];

    readonly Scenario _scenario;
    readonly VirtualTime _time = new();
    readonly Agenda _agenda = new();
    readonly Network _network;
    readonly Terminal?[] _terminals;
    readonly SimulatedSource[] _sources;
    readonly Random _random;
    readonly MemoryChunkIndex _index;
    readonly FirstCopies _copies;
    readonly UploadSlots[] _doors;
    readonly TransferOptions _transfer = new();
    readonly Stack<CancellationTokenSource> _spare = new();
    readonly Outcome _outcome;
    readonly long _groups;
    int _left;

    Simulation(Scenario scenario)
    {
        _scenario = scenario;
        _random = new Random(scenario.Seed);
        _network = new(scenario.Terminals + 1, _agenda, _time) { IsExact = scenario.IsExact };
        _terminals = new Terminal?[scenario.Terminals + 1];
        _lists = new int[scenario.Terminals + 1];
        _sources = new SimulatedSource[scenario.Terminals + 1];
        _index = new(new SimulatedTickets(), new SimulatedTickets(), Options.Create(scenario.Options), _time) { Chance = () => new Random(scenario.Seed) };
        _copies = new(_time);
        _doors = new UploadSlots[scenario.Terminals + 1];
        for (var host = 0; host < _doors.Length; host++)
        {
            _doors[host] = new(host == Server ? P2POptions.ServerSlots : scenario.Options.UploadSlots, scenario.Options.UploadSlotsEach, _time, P2POptions.ServerSlots);
        }

        _groups = ContentTree.GroupCount(scenario.Bytes);
        _outcome = new() { Scenario = scenario };
        _left = scenario.Terminals;
        Wire();
    }

    public static Outcome Run(Scenario scenario, Action<double, int>? progress = null)
    {
        using var simulation = new Simulation(scenario);
        simulation.Run(progress);
        return simulation._outcome;
    }

    /// <inheritdoc/>
    public void Dispose() => _index.Dispose();

    void Wire()
    {
        var ups = new double[_scenario.Terminals];
        for (var i = 0; i < ups.Length; i++)
        {
            ups[i] = _scenario.Ups[i % _scenario.Ups.Count];
        }

        _random.Shuffle(ups);
        var (peer, joins) = (new SourceTraits("terminal", SourceKind.Peer), new double[ups.Length]);
        (_sources[Server], _network.Up[Server], _network.Down[Server]) =
            (new(Server, new("server", SourceKind.Server, _scenario.Options.ServerPricePerByte)), _scenario.Rate(_scenario.ServerUp), 1);
        for (var host = 1; host <= ups.Length; host++)
        {
            _sources[host] = new(host, peer);
            (_network.Up[host], _network.Down[host]) = (_scenario.Rate(ups[host - 1]), _scenario.Rate(ups[host - 1]) * _scenario.DownFactor);
            joins[host - 1] = _scenario.JoinWithin > 0 ? _random.NextDouble() * _scenario.JoinWithin : 0;
            _agenda.Add(joins[host - 1], What.Join, host);
            if (_scenario.Leaving > 0 && _random.NextDouble() < _scenario.Leaving)
            {
                _agenda.Add(joins[host - 1] + (_random.NextDouble() * _scenario.LeaveWithin), What.Leave, host);
            }
        }

        _outcome.Bound = Bound.Of(_scenario, ups, joins);
        if (_scenario.JoinWithin == 0)
        {
            for (var host = 1; host <= ups.Length; host++)
            {
                Ask(Introduce(host)); // all are known to each other before the first begins
            }
        }

        _agenda.Add(1, What.Sample, 0);
    }

    void Run(Action<double, int>? progress)
    {
        for (var shown = 0.0; _left > 0 && _agenda.Count > 0; _outcome.Events++)
        {
            var next = _agenda.Take();
            _time.Now = next.At;
            Happen(next);
            if (progress is not null && next.At >= shown)
            {
                progress(shown, _left);
                shown++;
            }
        }

        Close();
    }

    void Happen(in Happening next)
    {
        switch (next.What)
        {
            case What.Join:
                Join(next.Who);
                break;
            case What.Leave:
                Leave(_terminals[next.Who]!);
                break;
            case What.AskProofs:
                AskProofs(_terminals[next.Who]!, next.With);
                break;
            case What.Announce:
                Announce(_terminals[next.Who]!);
                break;
            case What.Watch:
                Watch(_terminals[next.Who]!, next.With);
                break;
            case What.Open when _network[next.Who].Version == next.With:
                Open(next.Who);
                break;
            case What.Due when _network.IsOver(next.Who, next.With):
                End(next.Who);
                break;
            case What.Told:
                Tell(_terminals[next.Who]!, next.With);
                break;
            case What.Look:
                Look(_terminals[next.Who]!);
                break;
            case What.Woken:
                _terminals[next.Who]!.IsWoken = false;
                TakeAll(_terminals[next.Who]!);
                break;
            case What.Rested:
                Rested(_terminals[next.Who]!, next.With);
                break;
            case What.Sample:
                Sample();
                break;
        }
    }

    Terminal Introduce(int host)
    {
        var member = new SwarmMember { Device = host.ToString("x64", CultureInfo.InvariantCulture), Addresses = Addresses, Session = host };
        return _terminals[host] = new(host, _scenario.Bytes, _scenario, _time, member, HashCode(host));
    }

    /// <summary>A seed for each host.</summary>
    int HashCode(int host) => (int)(((ulong)_scenario.Seed * 0x9E3779B97F4A7C15 + (ulong)host * 0xBF58476D1CE4E5B9) >> 33);

    void Join(int host)
    {
        var terminal = _terminals[host] ?? Introduce(host);
        Meet(terminal, Server);
        _agenda.Add(_time.Now, What.AskProofs, host);
        _agenda.Add(_time.Now + Patience, What.AskProofs, host, 1);
        Announce(terminal);
        _agenda.Add(_time.Now + (LookAgain * (1 + _random.NextDouble())), What.Look, host);
    }

    SwarmView Ask(Terminal terminal)
    {
        _outcome.Announcements++;
        var view = default(SwarmView);
        _ = AnnounceAsync();
        return view ?? throw new InvalidOperationException("The index waits for something.");

        async Task AnnounceAsync() => view = await _index.AnnounceAsync(Content, terminal.Member, terminal.Member.Device);
    }

    void Announce(Terminal terminal)
    {
        if (terminal.HasLeft)
        {
            return;
        }

        var view = Ask(terminal);
        _agenda.Add(_time.Now + terminal.Known.NextPause(view.Count).TotalSeconds, What.Announce, terminal.Host);
        if (terminal.Board is null)
        {
            return;
        }

        foreach (var member in view.Members)
        {
            if (terminal.Known.Meet(member))
            {
                Meet(terminal, (int)member.Session);
            }
        }

        _outcome.MostLinks = Math.Max(_outcome.MostLinks, terminal.Links.Count);
    }

    void Meet(Terminal terminal, int other)
    {
        var slot = new SourceSlot(_sources[other]) { Offer = SourceOffer.Unknown, Held = other == Server ? null : [] };
        terminal.Roster.Slots.Add(slot);
        terminal.Board!.Add(slot);
        terminal.Links.Add(other);
        if (other != Server)
        {
            _agenda.Add(_time.Now + (6 * _scenario.Latency), What.Watch, terminal.Host, terminal.Links.Count - 1); // TCP, TLS, the request
        }
    }

    void Watch(Terminal terminal, int link)
    {
        if (terminal.HasLeft || terminal.Board is not { } board || _terminals[terminal.Links[link]] is not { } other)
        {
            return;
        }

        var slot = terminal.Roster.Slots[link];
        if (other.HasLeft)
        {
            Fail(terminal, link, null);
            return;
        }

        other.Watchers.Add((terminal, link));
        for (long group = 0; group < _groups;)
        {
            var end = other.Have[group] ? other.Have.FirstMissing(group) : group;
            if (end > group)
            {
                board.Hold(slot, new(group * ContentTree.GroupSize, Math.Min(_scenario.Bytes, end * ContentTree.GroupSize) - (group * ContentTree.GroupSize)));
            }

            group = Math.Max(end, group + 1);
        }

        Take(terminal, link);
    }

    /// <summary>Those who watch hear of one more chunk.</summary>
    void Tell(Terminal terminal, int group)
    {
        if (terminal.HasLeft)
        {
            return;
        }

        var size = _scenario.Options.ChunkSizeOf(_scenario.Bytes);
        var run = new ByteRun(group * (long)ContentTree.GroupSize, Math.Min(size, _scenario.Bytes - (group * (long)ContentTree.GroupSize)));
        var (gone, first) = (0, _random.Next(terminal.Watchers.Count + 1)); // whoever hears of it first
        for (var i = 0; i < terminal.Watchers.Count; i++)
        {
            var (other, link) = terminal.Watchers[(first + i) % terminal.Watchers.Count];
            if (other.Board is not { } board || other.HasLeft)
            {
                gone++;
                continue;
            }

            board.Hold(other.Roster.Slots[link], run);
            Take(other, link);
        }

        if (gone > terminal.Watchers.Count / 4)
        {
            terminal.Watchers.RemoveAll(static watcher => watcher.Terminal.Board is null || watcher.Terminal.HasLeft);
        }
    }

    void Look(Terminal terminal)
    {
        if (terminal.Board is { } board && !terminal.HasLeft)
        {
            if (board.MayChangeWithTime)
            {
                TakeAll(terminal);
            }

            _agenda.Add(_time.Now + LookAgain, What.Look, terminal.Host);
        }
    }

    void Leave(Terminal terminal)
    {
        if (terminal.Board is not null && !terminal.HasLeft)
        {
            _left--;
            _outcome.Left++;
        }

        terminal.HasLeft = true;
        while (terminal.Reads.Count > 0)
        {
            Drop(terminal, terminal.Reads[^1]);
        }

        while (_network.FirstFrom(terminal.Host) is var flow and not 0)
        {
            Break(flow, null);
        }
    }

    void Sample()
    {
        _outcome.Sample(_time.Now, _network, _left);
        _agenda.Add(_time.Now + 1, What.Sample, 0);
    }

    void Close()
    {
        _outcome.Close(_time.Now, _network, CollectionsMarshal.AsSpan(_terminals.OfType<Terminal>().ToList()));
    }
}
