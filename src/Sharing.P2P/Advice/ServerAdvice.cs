using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>The advice of the server that is told who has what: its price rises with its load, and it sees who is near whom. Thread-safe singleton.</summary>
/// <remarks>Remembers, as long as the index does, where each terminal was seen: not what it says of itself, but where its announcement came from. Behind a proxy the host must
/// have read the forwarded address (<c>UseForwardedHeaders</c>), else all come from one place and count as near.</remarks>
public sealed class ServerAdvice(ITicketKeys keys, PeerDoor door, EgressMeter egress, IOptions<P2POptions> options, TimeProvider time) : ISwarmAdvice
{
    /// <summary>So much dearer is a server that has no slot left, or sends as much as it can.</summary>
    const double MostTimesDearer = 4;

    readonly ConcurrentDictionary<ContentId, Dictionary<DeviceName, Seen>> _contents = new();
    readonly P2POptions _options = options.Value;
    long _swept;

    long Now => time.GetUtcNow().UtcTicks;

    /// <inheritdoc/>
    public async ValueTask<SwarmAdvice> AdviseAsync(ContentId content, string ticket, IPAddress? seenAt = null, CancellationToken cancellationToken = default) =>
        await keys.CheckAsync(ticket, content, cancellationToken) is { } open
            ? Of(content, DeviceName.Parse(open.Device), seenAt, null)
            : throw new SharingException(ProblemCodes.NotFound, "The ticket does not open that.");

    /// <summary>A terminal has announced itself, with a ticket that was checked.</summary>
    /// <param name="content">Of which content.</param>
    /// <param name="member">The terminal.</param>
    /// <param name="seenAt">Where its announcement came from.</param>
    /// <param name="others">Whom it is told of.</param>
    /// <returns>The advice that goes with the answer.</returns>
    public SwarmAdvice Announced(ContentId content, SwarmMember member, IPAddress? seenAt, IReadOnlyList<SwarmMember> others)
    {
        Sweep();
        var (seen, device) = (_contents.GetOrAdd(content, static _ => []), DeviceName.Parse(member.Device));
        lock (seen)
        {
            if (seenAt is not null && device is { } name && (seen.Count < _options.MembersPerContent || seen.ContainsKey(name)))
            {
                if (seen.Count == seen.Capacity)
                {
                    seen.EnsureCapacity(seen.Count + (seen.Count / 4) + 1);
                }

                seen[name] = new(SameNetwork.Number(seenAt), Now + _options.AnnouncementLife.Ticks, KnownMember.Percent(member.Load), member.IsMetered);
            }
        }

        return Of(content, device, seenAt, others is MemberSample { Devices: var some } ? some : others.Select(static other => DeviceName.Parse(other.Device)).OfType<DeviceName>());
    }

    /// <summary>Forgets where a terminal was seen.</summary>
    internal void Forget(DeviceName device)
    {
        foreach (var seen in _contents.Values)
        {
            lock (seen)
            {
                seen.Remove(device);
            }
        }
    }

    SwarmAdvice Of(ContentId content, DeviceName? asker, IPAddress? seenAt, IEnumerable<DeviceName>? others)
    {
        var load = Math.Max(door.Load, _options.EgressBytesPerSecond > 0 ? Math.Min(1, egress.BytesPerSecond / _options.EgressBytesPerSecond) : 0);
        return new()
        {
            ServerPricePerByte = _options.ServerPricePerByte * (1 + ((MostTimesDearer - 1) * load)),
            PeerPricePerByte = _options.ServerPricePerByte / 16,
            Members = _contents.TryGetValue(content, out var seen) ? HintsOf(seen, asker, seenAt is null ? null : SameNetwork.Number(seenAt), others) : [],
            ValidFor = _options.AnnouncementLife,
        };
    }

    /// <summary>Of those who are told of, or of some, those of whom there is something to say.</summary>
    List<MemberAdvice> HintsOf(Dictionary<DeviceName, Seen> seen, DeviceName? asker, UInt128? seenAt, IEnumerable<DeviceName>? others)
    {
        var (hints, now) = (new List<MemberAdvice>(), Now);
        lock (seen)
        {
            foreach (var device in others ?? seen.Keys)
            {
                if (hints.Count >= _options.MembersPerAnswer)
                {
                    break;
                }

                if (device != asker && seen.TryGetValue(device, out var one) && one.Expires > now
                    && (seenAt is { } at && SameNetwork.Of(at, one.At)) is var isNear && (isNear || one.IsMetered || one.Percent > 0))
                {
                    hints.Add(new(device.ToString(), one.Percent / 100.0, isNear, one.IsMetered));
                }
            }
        }

        return hints;
    }

    /// <summary>Forgets who was not heard of, now and then.</summary>
    void Sweep()
    {
        var (now, before) = (time.GetTimestamp(), Interlocked.Read(ref _swept));
        if ((before != 0 && time.GetElapsedTime(before, now) < _options.AnnouncementLife / 2) || Interlocked.CompareExchange(ref _swept, now, before) != before)
        {
            return;
        }

        var today = Now;
        foreach (var (content, seen) in _contents)
        {
            lock (seen)
            {
                foreach (var (device, one) in seen)
                {
                    if (one.Expires <= today)
                    {
                        seen.Remove(device);
                    }
                }

                if (seen.Count == 0)
                {
                    _contents.TryRemove(content, out _); // whoever holds it yet writes into nothing, and announces again
                }
            }
        }
    }

    readonly record struct Seen(UInt128 At, long Expires, byte Percent, bool IsMetered);
}
