using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Sharing.Core;
using Sharing.P2P;
using Sharing.Testing;

namespace Sharing.Trials.Index;

/// <summary>Terminals that keep an index among themselves, with keys of their own, over a net in memory and a clock that is moved.</summary>
sealed class SpreadNet : IAsyncDisposable
{
    readonly ConcurrentDictionary<int, Terminal> _terminals = new();
    readonly Lock _lock = new();

    public FakeTimeProvider Time { get; } = new();

    /// <summary>Whether two terminals reach each other.</summary>
    public Func<int, int, bool> Reaches { get; set; } = static (_, _) => true;

    public Terminal At(int number, TestShare share)
    {
        lock (_lock)
        {
            return _terminals.GetOrAdd(number, n => new Terminal(n, this, share));
        }
    }

    /// <summary>Lets time go by, in which all exchange what they know each second.</summary>
    public async Task GoOnAsync(TimeSpan time)
    {
        for (var second = 0; second < time.TotalSeconds; second++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            foreach (var terminal in _terminals.Values)
            {
                await terminal.Swarms.TickAsync(CancellationToken.None);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var terminal in _terminals.Values)
        {
            await terminal.DisposeAsync();
        }
    }

    Terminal? Find(string device) => _terminals.Values.FirstOrDefault(terminal => terminal.Device == device);

    /// <summary>A terminal with an identity of its own.</summary>
    public sealed class Terminal : ISpreadWire, IAsyncDisposable
    {
        readonly int _number;
        readonly SpreadNet _net;
        readonly DeviceIdentity _identity;

        public Terminal(int number, SpreadNet net, TestShare share)
        {
            (_number, _net) = (number, net);
            _identity = new DeviceIdentity(new MemoryRecordStore(), net.Time);
            Device = _identity.NameAsync().AsTask().GetAwaiter().GetResult();
            Swarms = new SpreadSwarms(this, _identity, new P2POptions(), net.Time, NullLogger.Instance);
            var manifest = share.ManifestAsync(Device, net.Time.GetUtcNow().AddDays(1)).GetAwaiter().GetResult();
            var start = number == 0 ? [] : new[] { new SwarmMember { Device = net.At(0, share).Device, Addresses = ["127.0.0.1:7400"] } };
            Index = new SpreadChunkIndex(Swarms, manifest with { Start = start }, share.Keys(net.Time));
        }

        public string Device { get; }

        public SpreadSwarms Swarms { get; }

        public SpreadChunkIndex Index { get; }

        public Task<byte[]> AskAsync(SwarmMember partner, string ticket, byte[] question, CancellationToken cancellationToken)
        {
            var other = _net.Find(partner.Device) ?? throw new HttpRequestException("Nobody is there.");
            var open = Tickets.ReadUnchecked(ticket)!;
            return _net.Reaches(_number, other._number) && other.Swarms.Answer(open, question) is { } answer ? Task.FromResult(answer) : throw new HttpRequestException("It does not answer.");
        }

        public ValueTask DisposeAsync()
        {
            Swarms.Dispose();
            _identity.Dispose();
            return default;
        }
    }
}
