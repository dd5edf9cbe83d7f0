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

    readonly ConcurrentDictionary<ContentId, Dictionary<string, Seen>> _contents = new();
    readonly P2POptions _options = options.Value;
    long _swept;

    /// <inheritdoc/>
    public async ValueTask<SwarmAdvice> AdviseAsync(ContentId content, string ticket, IPAddress? seenAt = null, CancellationToken cancellationToken = default) =>
        await keys.CheckAsync(ticket, content, cancellationToken) is { } open
            ? Of(content, open.Device, seenAt, null)
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
        var seen = _contents.GetOrAdd(content, static _ => new(StringComparer.Ordinal));
        lock (seen)
        {
            if (seenAt is not null && (seen.Count < _options.MembersPerContent || seen.ContainsKey(member.Device)))
            {
                seen[member.Device] = new(seenAt, double.IsFinite(member.Load) ? Math.Clamp(member.Load, 0, 1) : 0, member.IsMetered, time.GetUtcNow() + _options.AnnouncementLife);
            }
        }

        return Of(content, member.Device, seenAt, others);
    }

    SwarmAdvice Of(ContentId content, string? asker, IPAddress? seenAt, IReadOnlyList<SwarmMember>? others)
    {
        var load = Math.Max(door.Load, _options.EgressBytesPerSecond > 0 ? Math.Min(1, egress.BytesPerSecond / _options.EgressBytesPerSecond) : 0);
        return new()
        {
            ServerPricePerByte = _options.ServerPricePerByte * (1 + ((MostTimesDearer - 1) * load)),
            PeerPricePerByte = _options.ServerPricePerByte / 16,
            Members = _contents.TryGetValue(content, out var seen) ? HintsOf(seen, asker, seenAt, others) : [],
            ValidFor = _options.AnnouncementLife,
        };
    }

    /// <summary>Of those who are told of, or of some, those of whom there is something to say.</summary>
    List<MemberAdvice> HintsOf(Dictionary<string, Seen> seen, string? asker, IPAddress? seenAt, IReadOnlyList<SwarmMember>? others)
    {
        var (hints, now) = (new List<MemberAdvice>(), time.GetUtcNow());
        lock (seen)
        {
            foreach (var device in others?.Select(static other => other.Device) ?? seen.Keys)
            {
                if (hints.Count >= _options.MembersPerAnswer)
                {
                    break;
                }

                if (device != asker && seen.TryGetValue(device, out var one) && one.Expires > now
                    && new MemberAdvice(device, one.Load, seenAt is not null && SameNetwork.Of(seenAt, one.At), one.IsMetered) is { } hint && (hint.IsNear || hint.IsMetered || hint.Load > 0))
                {
                    hints.Add(hint);
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

        var today = time.GetUtcNow();
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

    readonly record struct Seen(IPAddress At, double Load, bool IsMetered, DateTimeOffset Expires);
}
