using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>An index in memory: on the shared-data server, or on an index server of its own. Thread-safe singleton.</summary>
/// <remarks>
/// Lost with the process, and made whole again by the next announcements. Bounded by <see cref="P2POptions.MembersPerContent"/> and <see cref="P2POptions.IndexedContents"/>: whoever comes after
/// that is told of the others, but not remembered. A terminal takes about 200 bytes and its chunks. Others are told only those addresses at which it was reached (<see cref="IAddressProof"/>).
/// </remarks>
public sealed class MemoryChunkIndex : IChunkIndex, IPlainListing, IDisposable
{
    /// <summary>Characters in the chunks of a member: as many as there may be runs.</summary>
    const int MostText = 200_000;

    readonly ConcurrentDictionary<ContentId, Swarm> _swarms = new();
    readonly ITicketKeys _keys;
    readonly P2POptions _options;
    readonly TimeProvider _time;
    readonly AddressProver _prover;
    readonly long _began;
    readonly int _life;
    int _swept;

    /// <param name="keys">Checks tickets.</param>
    /// <param name="proof">Finds out whether a terminal is where it says.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="time">The clock.</param>
    public MemoryChunkIndex(ITicketKeys keys, IAddressProof proof, IOptions<P2POptions> options, TimeProvider time)
    {
        (_keys, _options, _time, _began) = (keys, options.Value, time, time.GetTimestamp());
        _prover = new AddressProver(proof, _options.ProvesAddresses, time);
        _life = Math.Max(1, (int)_options.AnnouncementLife.TotalSeconds);
    }

    /// <summary>Says whom to name; a simulation brings its own.</summary>
    internal Func<Random> Chance { private get; init; } = static () => new Random(RandomNumberGenerator.GetInt32(int.MaxValue));

    /// <summary>How many contents it knows a terminal of.</summary>
    public int Contents => _swarms.Count;

    int Now => (int)_time.GetElapsedTime(_began).TotalSeconds;

    /// <inheritdoc/>
    public async ValueTask<SwarmView> AnnounceAsync(ContentId content, SwarmMember member, string ticket, CancellationToken cancellationToken = default)
    {
        var now = Now;
        SweepContents(now);
        var said = await ReadAsync(content, member, ticket, now, cancellationToken);
        for (; ; )
        {
            if (SwarmOf(content) is not { } swarm)
            {
                return new SwarmView([], 0, _options.AnnouncementLife);
            }

            if (swarm.Take(said, now, _life, _options.MembersPerContent) is { } taken)
            {
                if (taken.Member is { } known && taken.Look)
                {
                    _prover.Look(swarm, known, said, ticket, now);
                }

                var (some, count) = swarm.Sample(said.Device, now, _options.MembersPerAnswer);
                return new SwarmView(some, count, _options.AnnouncementLife)
                {
                    IsReached = taken.Member is not { HasAddresses: true } self ? null : self.Reached != 0 ? true : self.Misses > 0 ? false : null,
                };
            }

            _swarms.TryRemove(new(content, swarm)); // closed a moment ago
        }
    }

    /// <inheritdoc/>
    public async ValueTask LeaveAsync(ContentId content, string device, string ticket, CancellationToken cancellationToken = default)
    {
        if (DeviceName.Parse(device) is { } name && _swarms.TryGetValue(content, out var swarm)
            && await _keys.CheckAsync(ticket, content, cancellationToken) is { } open && open.Device == device)
        {
            swarm.Leave(name);
            Drop(content, swarm, Now);
        }
    }

    /// <summary>Forgets a terminal, whatever it has.</summary>
    internal void Forget(DeviceName device)
    {
        foreach (var swarm in _swarms.Values)
        {
            swarm.Leave(device);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SwarmMember>> ListPlainAsync(ContentId content, int most, CancellationToken cancellationToken = default) => new(
        _options.ProvesAddresses && _swarms.TryGetValue(content, out var swarm) ? swarm.Sample(null, Now, most, plainAlone: true).Some : []);

    /// <inheritdoc/>
    public void Dispose() => _prover.Dispose();

    /// <summary>Checks what a terminal says. A signature costs a tenth of a millisecond; a ticket that this device showed before is not checked again.</summary>
    async ValueTask<Swarm.Said> ReadAsync(ContentId content, SwarmMember member, string ticket, int now, CancellationToken cancellationToken)
    {
        var (device, hash, expires) = (DeviceName.Parse(member.Device), HashOf(ticket), (int?)null);
        if (device is not { } name || !_swarms.TryGetValue(content, out var swarm) || !swarm.Knows(name, hash, now))
        {
            if (await _keys.CheckAsync(ticket, content, cancellationToken) is not { } open || open.Device != member.Device)
            {
                throw new SharingException(ProblemCodes.NotFound, "The ticket does not open that.");
            }

            expires = (int)Math.Min(now + (open.Expires - _time.GetUtcNow()).TotalSeconds, int.MaxValue);
        }

        Require(device is not null, "A device is named by 64 lower-case hex digits.");
        Require(member.Session >= 0 && member.Version >= 0, "Session and version are not negative.");
        var addresses = member.Addresses.Count <= SwarmMember.MostAddresses ? KnownMember.Pack(member.Addresses) : null;
        Require(addresses is not null, "An address has a number and a port; eight are taken.");
        var chunks = member.Chunks.Length <= MostText ? ChunkSet.Parse(member.Chunks) : null;
        Require(chunks is not null, "Chunks are runs like 0-99,120-130 that rise and do not touch.");
        return new(member, device!.Value, addresses!, chunks!.Value, hash, expires);
    }

    Swarm? SwarmOf(ContentId content) => _swarms.TryGetValue(content, out var swarm) ? swarm
        : _swarms.Count < _options.IndexedContents ? _swarms.GetOrAdd(content, static (_, chance) => new Swarm(chance()), Chance)
        : null;

    /// <summary>Drops contents of which nobody is left, now and then.</summary>
    void SweepContents(int now)
    {
        var swept = Volatile.Read(ref _swept);
        if (now - swept > _life / 2 && Interlocked.CompareExchange(ref _swept, now, swept) == swept)
        {
            foreach (var (content, swarm) in _swarms)
            {
                Drop(content, swarm, now);
            }
        }
    }

    void Drop(ContentId content, Swarm swarm, int now)
    {
        if (swarm.CloseIfEmpty(now))
        {
            _swarms.TryRemove(new(content, swarm));
        }
    }

    static ulong HashOf(string ticket)
    {
        Span<byte> hash = stackalloc byte[Blake3.HashSize];
        Blake3.Hash(MemoryMarshal.AsBytes(ticket.AsSpan()), hash);
        return MemoryMarshal.Read<ulong>(hash);
    }

    static void Require(bool fits, string message)
    {
        if (!fits)
        {
            throw new SharingException(ProblemCodes.InvalidInput, message);
        }
    }
}
