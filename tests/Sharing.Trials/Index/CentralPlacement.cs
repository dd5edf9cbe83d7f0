using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sharing.P2P;
using Sharing.Testing;

namespace Sharing.Trials.Index;

/// <summary>One index server, or several in rendezvous order, each in memory, as real code; terminals announce themselves within half of the time.</summary>
sealed class CentralPlacement : IPlacement, IDisposable
{
    readonly FakeTimeProvider _time = new();
    readonly MemoryChunkIndex?[] _servers;
    readonly IChunkIndex[] _asSeen;
    readonly IReadOnlyList<SwarmMember>[] _views = [.. Enumerable.Repeat<IReadOnlyList<SwarmMember>>([], IndexHistory.Terminals)];
    readonly Dictionary<string, int> _numbers = [];
    readonly Random _random;
    readonly int _half;
    IndexTerminal _current = null!;
    Func<IndexTerminal, int, bool> _reaches = static (_, _) => true;

    public CentralPlacement(int servers, Random random)
    {
        (_servers, _random, Servers, _half) = (new MemoryChunkIndex?[servers], random, servers, (int)new P2POptions().AnnouncementLife.TotalSeconds / 2);
        _asSeen = [.. Enumerable.Range(0, IndexHistory.Terminals).Select(SeenBy)];
        for (var i = 0; i < IndexHistory.Terminals; i++)
        {
            _numbers.Add(TestShare.NameOf(i), i);
        }
    }

    public int Servers { get; }

    public int ConvergesWithin => (2 * _half) + (Servers > 1 ? (int)RendezvousChunkIndex.Rest.TotalSeconds : 0) + 1;

    public async Task SecondAsync(
        IndexTerminal[] terminals, int now, Func<IndexTerminal, IndexTerminal, bool> reaches, Func<IndexTerminal, int, bool> reachesServer, CancellationToken cancellationToken)
    {
        _reaches = reachesServer;
        _time.Advance(TimeSpan.FromSeconds(1));
        foreach (var terminal in terminals.Where(terminal => terminal.IsThere && terminal.Next <= now))
        {
            try
            {
                terminal.Next = now + _half - _random.Next(6);
                _current = terminal;
                _views[terminal.Number] = (await _asSeen[terminal.Number].AnnounceAsync(OpenKeys.Content, terminal.Self(), terminal.Device, cancellationToken)).Members;
            }
            catch (HttpRequestException)
            {
                terminal.Next = now + 1; // nobody answers: those who are known stay known
            }
        }
    }

    public async Task LeaveAsync(IndexTerminal terminal, Func<IndexTerminal, int, bool> reachesServer)
    {
        (_reaches, _current) = (reachesServer, terminal);
        try
        {
            await _asSeen[terminal.Number].LeaveAsync(OpenKeys.Content, terminal.Device, terminal.Device);
        }
        catch (HttpRequestException)
        {
            return; // it is forgotten by itself
        }
        finally
        {
            _views[terminal.Number] = [];
        }
    }

    public void Crash(IndexTerminal terminal) => _views[terminal.Number] = [];

    public void CrashServer(int server)
    {
        if (server < Servers)
        {
            _servers[server]?.Dispose();
            _servers[server] = null;
        }
    }

    public bool Knows(IndexTerminal terminal, int chunk, Func<int, bool> accepts)
    {
        foreach (var member in _views[terminal.Number])
        {
            foreach (var (first, last) in ChunkSet.Parse(member.Chunks)!.Value)
            {
                if (first <= chunk && chunk <= last && member.Addresses.Count > 0 && accepts(_numbers[member.Device]))
                {
                    return true;
                }
            }
        }

        return false;
    }

    public void Dispose()
    {
        foreach (var server in _servers)
        {
            server?.Dispose();
        }
    }

    IChunkIndex SeenBy(int terminal)
    {
        var servers = Enumerable.Range(0, Servers).Select(server => (new Uri($"https://index{server}.example/"), (IChunkIndex)new Link(this, server))).ToList();
        return Servers == 1 ? servers[0].Item2 : new RendezvousChunkIndex(servers, _time, NullLogger<RendezvousChunkIndex>.Instance);
    }

    MemoryChunkIndex Server(int server) => _reaches(_current, server)
        ? _servers[server] ??= new MemoryChunkIndex(new OpenKeys(), new FoundEverywhere(), Options.Create(new P2POptions()), _time)
        : throw new HttpRequestException("It does not answer.");

    /// <summary>The way to a server.</summary>
    sealed class Link(CentralPlacement net, int server) : IChunkIndex
    {
        public ValueTask<SwarmView> AnnounceAsync(ContentId content, SwarmMember member, string ticket, CancellationToken cancellationToken = default) =>
            net.Server(server).AnnounceAsync(content, member, ticket, cancellationToken);

        public ValueTask LeaveAsync(ContentId content, string device, string ticket, CancellationToken cancellationToken = default) =>
            net.Server(server).LeaveAsync(content, device, ticket, cancellationToken);
    }
}
