namespace Sharing.P2P;

/// <summary>Shares what can be done at once among those who ask: nobody has more than his most, and what becomes free goes first to whoever waits with fewer. Thread-safe.</summary>
/// <param name="total">How much there is.</param>
/// <param name="most">How much of it one may have.</param>
/// <param name="time">Says for how long one who was refused is waited for.</param>
sealed class UploadSlots(int total, int most, TimeProvider time)
{
    /// <summary>Whoever was told to come again and does not is not waited for any longer.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    const int MostWaiting = 1000;

    readonly Lock _lock = new();
    readonly Dictionary<string, int> _held = new(StringComparer.Ordinal);
    readonly Dictionary<string, DateTimeOffset> _waiting = new(StringComparer.Ordinal);
    readonly int _total = total;
    int _free = total;

    /// <summary>How much is taken, 0 to 1.</summary>
    public double Load
    {
        get
        {
            lock (_lock)
            {
                return 1 - ((double)_free / _total);
            }
        }
    }

    /// <summary>Takes one, to be given back by disposing it; <c>null</c>: come again.</summary>
    public IDisposable? Take(string who)
    {
        lock (_lock)
        {
            var own = _held.GetValueOrDefault(who);
            if (own >= most || _free <= CountBefore(who, own))
            {
                Wait(who);
                return null;
            }

            _waiting.Remove(who);
            _held[who] = own + 1;
            _free--;
            return new Slot(this, who);
        }
    }

    /// <summary>How many wait who have fewer.</summary>
    int CountBefore(string who, int own)
    {
        var (count, now) = (0, time.GetUtcNow());
        foreach (var (other, since) in _waiting)
        {
            if (now - since > Patience)
            {
                _waiting.Remove(other); // removing while looking is allowed
            }
            else if (other != who && _held.GetValueOrDefault(other) < own)
            {
                count++;
            }
        }

        return count;
    }

    void Wait(string who)
    {
        if (_waiting.Count < MostWaiting || _waiting.ContainsKey(who))
        {
            _waiting[who] = time.GetUtcNow();
        }
    }

    void Give(string who)
    {
        lock (_lock)
        {
            _free++;
            if (--_held[who] == 0)
            {
                _held.Remove(who);
            }
        }
    }

    sealed class Slot(UploadSlots slots, string who) : IDisposable
    {
        int _given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0)
            {
                slots.Give(who);
            }
        }
    }
}
