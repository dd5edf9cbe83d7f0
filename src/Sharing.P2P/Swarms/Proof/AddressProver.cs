using System.Net;

namespace Sharing.P2P;

/// <summary>Looks for terminals where they say that they are, beside the announcements, which do not wait for it. Thread-safe.</summary>
/// <remarks>
/// At most <see cref="AtOnce"/> places are looked at at once and <see cref="MostWaiting"/> wait; what comes then is looked at after a later announcement. One machine is looked at once a second, and
/// <see cref="Burst"/> times after a rest, whoever says that he is there. What was found is remembered for all contents of a terminal's session; it is looked at again after ten minutes, and what was
/// not found after 2, 4, 8 … seconds, up to ten minutes.
/// </remarks>
sealed class AddressProver(IAddressProof proof, bool isOn, TimeProvider time) : IDisposable
{
    const int AtOnce = 32;
    const int MostWaiting = 4096;
    const int MostRemembered = 16 * 1024;
    const int Burst = 64;
    const int Holds = 600;
    const int Soon = 2;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly SemaphoreSlim _slots = new(AtOnce);
    readonly CancellationTokenSource _stop = new();
    readonly Dictionary<(DeviceName Device, long Session, IPEndPoint At), int> _found = [];
    readonly Dictionary<IPAddress, (double Left, int At)> _machines = [];
    int _waiting;

    /// <summary>Begins to look for a terminal, unless too much waits.</summary>
    public void Look(Swarm swarm, KnownMember member, in Swarm.Said said, string ticket, int now)
    {
        if (!isOn)
        {
            swarm.Found(member, said.Member.Session, byte.MaxValue, int.MaxValue);
            return;
        }

        var places = said.Member.Addresses.Select(IPEndPoint.Parse).ToArray();
        member.ProveAt = now + (int)(Patience.TotalSeconds * (places.Length + 1)); // not once more meanwhile
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return;
        }

        _ = LookAsync(swarm, member, said.Device, said.Member, places, ticket, now);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel(); // what waits ends by itself; the semaphore holds nothing that would have to be given back
        _stop.Dispose();
    }

    async Task LookAsync(Swarm swarm, KnownMember member, DeviceName device, SwarmMember said, IPEndPoint[] places, string ticket, int now)
    {
        try
        {
            var (reached, looked) = (0, false);
            for (var i = 0; i < places.Length; i++)
            {
                var found = await FindAsync((device, said.Session, places[i]), new(said.Device, places[i], said.IsPlain, ticket), now);
                reached |= found == true ? 1 << i : 0;
                looked |= found is not null;
            }

            var all = reached == (1 << places.Length) - 1;
            var again = reached != 0 ? Holds : looked ? Math.Min(Holds, Soon << Math.Min((int)member.Misses, 10)) : 1;
            swarm.Found(member, said.Session, all ? byte.MaxValue : (byte)reached, now + again);
        }
        catch (OperationCanceledException)
        {
            return; // this host stops
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <returns>Whether it is there; <c>null</c>: that machine was looked at too often.</returns>
    async ValueTask<bool?> FindAsync((DeviceName, long, IPEndPoint At) key, ClaimedPlace place, int now)
    {
        lock (_found)
        {
            if (_found.TryGetValue(key, out var until) && until > now)
            {
                return true;
            }

            if (!MayLook(key.At.Address, now))
            {
                return null;
            }
        }

        await _slots.WaitAsync(_stop.Token);
        try
        {
            using var late = new CancellationTokenSource(Patience, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _stop.Token);
            var found = await proof.IsAtAsync(place, both.Token);
            Remember(key, found ? now + Holds : 0);
            return found;
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            _slots.Release();
        }
    }

    void Remember((DeviceName, long, IPEndPoint) key, int until)
    {
        lock (_found)
        {
            if (_found.Count >= MostRemembered)
            {
                _found.Clear();
            }

            if (until > 0)
            {
                _found[key] = until;
            }
            else
            {
                _found.Remove(key);
            }
        }
    }

    bool MayLook(IPAddress machine, int now)
    {
        if (_machines.Count >= MostRemembered)
        {
            _machines.Clear();
        }

        var (left, at) = _machines.GetValueOrDefault(machine, (Burst, now));
        left = Math.Min(Burst, left + now - at);
        _machines[machine] = (left >= 1 ? left - 1 : left, now);
        return left >= 1;
    }
}
