using System.Buffers;

namespace Sharing.P2P;

/// <summary>The terminals that an index knows of one content. Thread-safe.</summary>
/// <remarks>Those that others can reach stand first in the list, so that a sample of many is taken from them.</remarks>
sealed class Swarm(Random random)
{
    /// <summary>An answer names no more once it is so long: chunks may be many.</summary>
    const int LongestAnswer = 64 * 1024;

    /// <summary>So many are looked at for some that serve without TLS.</summary>
    const int MostLookedAt = 1000;

    readonly Lock _lock = new();
    readonly HashSet<KnownMember> _byDevice = new(new ByDevice());
    KnownMember[] _members = []; // the first of them
    int _count, _reachable, _swept;

    /// <summary>Nobody is in it any more, and nobody comes: the index has dropped it.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether a device's ticket is one that was checked.</summary>
    public bool Knows(DeviceName device, ulong ticket, int now)
    {
        lock (_lock)
        {
            return Find(device) is { } known && known.Ticket == ticket && known.TicketExpires > now;
        }
    }

    /// <summary>Takes what a terminal says, unless it said something newer, or there is no room for one more.</summary>
    /// <returns>The terminal; whether it should be looked for now; <c>null</c>: the swarm is closed.</returns>
    public (KnownMember? Member, bool Look)? Take(in Said said, int now, int life, int most)
    {
        lock (_lock)
        {
            if (IsClosed)
            {
                return null;
            }

            Sweep(now, life);
            var known = Find(said.Device);
            if (known is null)
            {
                if (_count >= most)
                {
                    return (null, false);
                }

                Add(known = new KnownMember(said.Device));
            }

            if ((said.Member.Session, said.Member.Version).CompareTo((known.Session, known.Version)) >= 0)
            {
                if (known.Take(said.Member, said.Addresses, said.Chunks))
                {
                    Place(known, reachable: false);
                }

                known.Expires = now + life;
                if (said.TicketExpires is { } expires)
                {
                    (known.Ticket, known.TicketExpires) = (said.Ticket, expires);
                }
            }

            return (known, known.HasAddresses && known.ProveAt <= now);
        }
    }

    /// <summary>Writes down where a terminal was found, unless it has moved meanwhile.</summary>
    public void Found(KnownMember member, long session, byte reached, int again)
    {
        lock (_lock)
        {
            if (member.Slot >= 0 && member.Session == session)
            {
                (member.Reached, member.ProveAt, member.Misses) = (reached, again, (byte)(reached == 0 ? Math.Min(member.Misses + 1, 10) : 0));
                Place(member, reached != 0);
            }
        }
    }

    public void Leave(DeviceName device)
    {
        lock (_lock)
        {
            if (Find(device) is { } known)
            {
                Remove(known);
            }
        }
    }

    /// <summary>Some of the others as JSON, all of them where they are few; and how many there are.</summary>
    public (MemberSample Some, int Count) Sample(DeviceName? self, int now, int most, bool plainAlone = false)
    {
        var devices = new List<DeviceName>(Math.Min(most, _count));
        var json = new ArrayBufferWriter<byte>(Math.Min(most, _count) * 256 + 16);
        json.Write("["u8);
        lock (_lock)
        {
            Add(0, _reachable);
            Add(_reachable, plainAlone ? _reachable : _count);
            json.Write("]"u8);
            return (new(json.WrittenMemory, devices), _count);

            void Add(int from, int to)
            {
                var looks = plainAlone ? Math.Min(to - from, MostLookedAt) : to - from;
                for (var i = 0; i < looks && devices.Count < most && json.WrittenCount < LongestAnswer; i++)
                {
                    // Each as likely as any other, so that who has come together is not a circle of its own.
                    var (place, other) = (from + i, random.Next(from + i, to));
                    var member = _members[other];
                    Put(_members[place], other);
                    Put(member, place);
                    if (member.Device != self && member.Expires > now && (member.IsPlain || !plainAlone))
                    {
                        json.Write(devices.Count > 0 ? ","u8 : ""u8);
                        member.Write(json);
                        devices.Add(member.Device);
                    }
                }
            }
        }
    }

    /// <summary>Forgets who is late.</summary>
    /// <returns>Whether nobody is left: then it is closed.</returns>
    public bool CloseIfEmpty(int now)
    {
        lock (_lock)
        {
            Sweep(now, life: 0);
            return IsClosed |= _count == 0;
        }
    }

    void Sweep(int now, int life)
    {
        if (now - _swept < life / 4)
        {
            return;
        }

        _swept = now;
        for (var i = _count - 1; i >= 0; i--)
        {
            if (_members[i].Expires <= now)
            {
                Remove(_members[i]);
            }
        }
    }

    KnownMember? Find(DeviceName device) => _byDevice.GetAlternateLookup<DeviceName>().TryGetValue(device, out var known) ? known : null;

    void Add(KnownMember member)
    {
        if (_count == _members.Length)
        {
            var room = _count + (_count / 4) + 1; // twice as many would be much for nothing
            Array.Resize(ref _members, room);
            _byDevice.EnsureCapacity(room);
        }

        Put(member, _count++);
        _byDevice.Add(member);
    }

    void Remove(KnownMember member)
    {
        Place(member, reachable: false);
        var last = _members[--_count];
        Put(last, member.Slot);
        _members[_count] = null!;
        _byDevice.Remove(member);
        member.Slot = -1;
    }

    /// <summary>Moves a member among those that can be reached, or among the others.</summary>
    void Place(KnownMember member, bool reachable)
    {
        if (member.Slot < _reachable == reachable)
        {
            return;
        }

        var place = reachable ? _reachable++ : --_reachable;
        var other = _members[place];
        Put(other, member.Slot);
        Put(member, place);
    }

    void Put(KnownMember member, int slot) => (_members[slot], member.Slot) = (member, slot);

    /// <summary>What a terminal said, read; and until when its ticket holds, where that was looked at anew.</summary>
    public readonly record struct Said(SwarmMember Member, DeviceName Device, byte[] Addresses, ChunkSet Chunks, ulong Ticket, int? TicketExpires);

    sealed class ByDevice : IEqualityComparer<KnownMember>, IAlternateEqualityComparer<DeviceName, KnownMember>
    {
        public bool Equals(KnownMember? x, KnownMember? y) => x!.Device == y!.Device;

        public int GetHashCode(KnownMember obj) => GetHashCode(obj.Device);

        public bool Equals(DeviceName alternate, KnownMember other) => alternate == other.Device;

        public int GetHashCode(DeviceName alternate) => alternate.GetHashCode(); // seeded for each process

        public KnownMember Create(DeviceName alternate) => new(alternate);
    }
}
