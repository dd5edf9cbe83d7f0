namespace Sharing.P2P;

/// <summary>Shares what can be done at once among those who ask: nobody has more than his most, and what becomes free goes first to whoever waits with fewer. Thread-safe.</summary>
/// <param name="total">How much there is.</param>
/// <param name="most">How much of it one may have.</param>
/// <param name="time">Says for how long one who was refused is waited for.</param>
/// <param name="growsTo">How much there may be where that is not enough to keep the uplink busy (<see cref="Sent"/>).</param>
/// <remarks>
/// What the uplink can do is the most that went out within a second lately; that falls by half in half a minute, because links change. After a second in which somebody was refused there is a quarter
/// more where less than nine tenths of it went out, because those who are served take slowly, and where clearly more went out than ever, because it can do more than was known. After a second in which
/// the uplink was as busy as it can be, there is a fifth less.
/// </remarks>
sealed class UploadSlots(int total, int most, TimeProvider time, int growsTo = 0)
{
    const double WindowSeconds = 1;
    const double HalfLifeSeconds = 30;
    const double Busy = 0.9;
    const double Record = 1.1;

    /// <summary>Whoever was told to come again and does not is not waited for any longer.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    const int MostWaiting = 1000;

    readonly Lock _lock = new();
    readonly Dictionary<string, int> _held = new(StringComparer.Ordinal);
    readonly Dictionary<string, DateTimeOffset> _waiting = new(StringComparer.Ordinal);
    long _began = time.GetTimestamp();
    long _bytes;
    double _uplink;
    double _total = total;
    bool _wasRefused;
    int _taken;

    /// <summary>How much is taken, 0 to 1.</summary>
    public double Load
    {
        get
        {
            lock (_lock)
            {
                return Math.Min(1, _taken / Math.Floor(_total));
            }
        }
    }

    /// <summary>Whether it has to be told what is sent.</summary>
    public bool MayGrow => growsTo > total;

    /// <summary>So many bytes went out.</summary>
    public void Sent(long bytes)
    {
        lock (_lock)
        {
            _bytes += bytes;
            var seconds = time.GetElapsedTime(_began).TotalSeconds;
            if (seconds >= WindowSeconds)
            {
                var (rate, before) = (_bytes / seconds, _uplink * Math.Pow(0.5, seconds / HalfLifeSeconds));
                var isBusy = rate >= Busy * before && rate <= Record * before;
                _total = Math.Clamp(isBusy ? _total * 0.8 : _wasRefused ? _total * 1.25 : _total, total, Math.Max(total, growsTo));
                _uplink = Math.Max(rate, before);
                (_began, _bytes, _wasRefused) = (time.GetTimestamp(), 0, false);
            }
        }
    }

    /// <summary>Takes one, to be given back by disposing it; <c>null</c>: come again.</summary>
    public IDisposable? Take(string who)
    {
        lock (_lock)
        {
            var own = _held.GetValueOrDefault(who);
            if (own >= most || (int)_total - _taken <= (own > 0 ? CountBefore(who, own) : 0))
            {
                _wasRefused |= own < most;
                Wait(who);
                return null;
            }

            _waiting.Remove(who);
            _held[who] = own + 1;
            _taken++;
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
        if (_waiting.Count < MostWaiting || _waiting.ContainsKey(who) || (CountBefore(who, 0) == 0 && _waiting.Count < MostWaiting)) // counting forgets
        {
            _waiting[who] = time.GetUtcNow();
        }
    }

    void Give(string who)
    {
        lock (_lock)
        {
            _taken--;
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
