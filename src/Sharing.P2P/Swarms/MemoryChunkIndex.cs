using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>An index in memory. Thread-safe singleton.</summary>
/// <remarks>Lost with the process, and made whole again by the next announcements. Bounded by <see cref="P2POptions.MembersPerContent"/>.</remarks>
public sealed class MemoryChunkIndex(ITicketKeys keys, IOptions<P2POptions> options, TimeProvider time) : IChunkIndex
{
    const int MostAddresses = 8;
    const int MostRuns = 200_000;

    readonly ConcurrentDictionary<ContentId, Swarm> _swarms = new();
    readonly P2POptions _options = options.Value;

    /// <summary>Says whom to name; a simulation brings its own.</summary>
    internal Func<Random> Chance { private get; init; } = static () => new Random(RandomNumberGenerator.GetInt32(int.MaxValue));

    /// <inheritdoc/>
    public async ValueTask<SwarmView> AnnounceAsync(ContentId content, SwarmMember member, string ticket, CancellationToken cancellationToken = default)
    {
        if (await keys.CheckAsync(ticket, content, cancellationToken) is not { } open || open.Device != member.Device)
        {
            throw new SharingException(ProblemCodes.NotFound, "The ticket does not open that.");
        }

        Require(member.Addresses.Count <= MostAddresses && member.Addresses.All(a => IPEndPoint.TryParse(a, out var at) && at.Port > 0), "An address has a number and a port; eight are taken.");
        Require(member.Chunks.Length <= MostRuns && Runs.IsWellFormed(member.Chunks), "Chunks are runs like 0-99,120-130.");
        var swarm = _swarms.GetOrAdd(content, static (_, chance) => new Swarm(chance()), Chance);
        return swarm.Announce(member, time.GetUtcNow(), _options);
    }

    /// <inheritdoc/>
    public async ValueTask LeaveAsync(ContentId content, string device, string ticket, CancellationToken cancellationToken = default)
    {
        if (await keys.CheckAsync(ticket, content, cancellationToken) is { } open && open.Device == device && _swarms.TryGetValue(content, out var swarm))
        {
            swarm.Leave(device);
        }
    }

    static void Require(bool fits, string message)
    {
        if (!fits)
        {
            throw new SharingException(ProblemCodes.InvalidInput, message);
        }
    }

    sealed class Swarm(Random random)
    {
        readonly Dictionary<string, (SwarmMember Member, DateTimeOffset Expires)> _members = new(StringComparer.Ordinal);
        readonly List<string> _order = [];
        DateTimeOffset _swept;

        public SwarmView Announce(SwarmMember member, DateTimeOffset now, P2POptions options)
        {
            lock (_members)
            {
                if (now - _swept > options.AnnouncementLife / 4)
                {
                    _swept = now;
                    foreach (var late in _members.Where(known => known.Value.Expires <= now).Select(known => known.Key).ToArray())
                    {
                        Leave(late);
                    }
                }

                if (_members.ContainsKey(member.Device) || _members.Count < options.MembersPerContent)
                {
                    if (!_members.ContainsKey(member.Device))
                    {
                        _order.Add(member.Device);
                    }

                    _members[member.Device] = (member, now + options.AnnouncementLife);
                }

                return new SwarmView(Sample(member.Device, now, options.MembersPerAnswer), _members.Count, options.AnnouncementLife);
            }
        }

        public void Leave(string device)
        {
            lock (_members)
            {
                if (_members.Remove(device))
                {
                    _order.Remove(device);
                }
            }
        }

        /// <summary>Some of the others, all of them where they are few: each as likely as any other, so that who has come together is not a circle of its own.</summary>
        List<SwarmMember> Sample(string self, DateTimeOffset now, int most)
        {
            var sample = new List<SwarmMember>(Math.Min(most, _order.Count));
            for (var i = 0; i < _order.Count && sample.Count < most; i++)
            {
                var other = random.Next(i, _order.Count);
                (_order[i], _order[other]) = (_order[other], _order[i]);
                var (member, expires) = _members[_order[i]];
                if (member.Device != self && expires > now)
                {
                    sample.Add(member);
                }
            }

            return sample;
        }
    }
}
