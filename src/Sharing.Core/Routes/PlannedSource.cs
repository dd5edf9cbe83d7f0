namespace Sharing.Core;

/// <summary>What a plan knows of a source of chunks. Guarded by whoever owns the plan; but reads may measure at any time.</summary>
abstract class PlannedSource(SourceTraits traits, bool holdsAll = true)
{
    /// <summary>How long a source may be silent before that counts against its rate.</summary>
    const double PatienceSeconds = 0.25;

    /// <summary>Over how long a rate is measured at least.</summary>
    const double WindowSeconds = 0.05;

    /// <summary>For how many seconds a source that gives to others just now is not asked, at first and at most.</summary>
    const double FirstHeldBack = 0.25;
    const double LongestHeldBack = 8;

    readonly Lock _lock = new();
    double _heldBackFor = FirstHeldBack;
    double _heldBackUntil = double.NegativeInfinity;
    double _rate;
    int _reads;
    int _paused;
    long _windowBytes;
    double _windowStart;
    double _lastByte;
    double _asked;

    public SourceTraits Traits => traits;

    /// <summary>The chunks that it has, in words of 64; <c>null</c>: all of them.</summary>
    public ulong[]? Held { get; set; } = holdsAll ? null : [];

    /// <summary>Its place in the plan that it was added to.</summary>
    public int Place { get; set; }

    /// <summary>Whether it can be asked now.</summary>
    public abstract bool CanServe { get; }

    /// <summary>What was asked of it and has not arrived, in bytes.</summary>
    public long Queued { get; private set; }

    public TimeSpan Latency { get; set; }

    /// <summary>Whether it is not asked for now: it said that it gives to others.</summary>
    public bool IsHeldBack(double now) => now < _heldBackUntil;

    /// <summary>It gives to others just now: it is asked again after a moment, a longer one each time, so that it is not busy with saying no.</summary>
    /// <param name="now">The time.</param>
    /// <param name="share">How much of the moment, 0 to 1: so that those who were refused together do not come back together.</param>
    public void HoldBack(double now, double share)
    {
        _heldBackUntil = now + (_heldBackFor * (0.5 + share));
        _heldBackFor = Math.Min(_heldBackFor * 2, LongestHeldBack);
    }

    /// <summary>It gave what was asked for.</summary>
    public void Gave() => _heldBackFor = FirstHeldBack;

    public bool Holds(int chunk) => Held is not { } held || (chunk / 64 < held.Length && (held[chunk / 64] >> (chunk % 64) & 1) != 0);

    /// <summary>It was asked for more, or what it was asked for came, or will not be waited for.</summary>
    public void Ask(long bytes, double now)
    {
        _asked = Queued == 0 ? now : _asked;
        Queued += bytes;
    }

    /// <summary>Bytes begin to come for one more read.</summary>
    public void BeginRead(double now)
    {
        lock (_lock)
        {
            if (_reads++ == 0)
            {
                (_windowStart, _windowBytes, _lastByte) = (now, 0, now);
            }
        }
    }

    /// <summary>One of its reads is not waited for: what it brought is being taken.</summary>
    public void Pause()
    {
        lock (_lock)
        {
            _paused++;
        }
    }

    /// <summary>That read is waited for again.</summary>
    public void GoOn(double now)
    {
        lock (_lock)
        {
            (_paused, _lastByte) = (_paused - 1, now);
        }
    }

    /// <summary>Bytes came.</summary>
    public void Measure(long bytes, double now)
    {
        lock (_lock)
        {
            (_windowBytes, _lastByte) = (_windowBytes + bytes, now);
            if (now - _windowStart >= WindowSeconds)
            {
                Move(now);
            }
        }
    }

    public void EndRead(double now)
    {
        lock (_lock)
        {
            var rate = RateAt(now); // of one that was silent to the end it stays
            if (--_reads == 0)
            {
                _rate = rate;
                if (_windowBytes > 0)
                {
                    Move(now);
                }
            }
        }
    }

    /// <summary>Bytes a second as measured; 0: nothing was measured yet. A source that is silent although it was asked grows slower, also one that never brought anything.</summary>
    public double RateAt(double now)
    {
        var silent = SilentFor(now);
        return silent <= PatienceSeconds ? _rate : _rate > 0 ? _rate * PatienceSeconds / silent : ContentTree.GroupSize / silent;
    }

    /// <summary>For how long nothing came although it was asked, in seconds.</summary>
    public double SilentFor(double now) => _reads > 0 ? _paused < _reads ? now - _lastByte : 0 : Queued > 0 ? now - Math.Max(_asked, _lastByte) : 0;

    /// <summary>How long until what was asked of it is there, in seconds.</summary>
    public double BusyFor(double now) => Queued == 0 ? 0 : RateAt(now) is > 0 and var rate ? Queued / rate : 0;

    /// <summary>What the selector is told.</summary>
    /// <param name="now">The time.</param>
    /// <param name="after">Seconds of other work that come before, at its rate.</param>
    public SourceQuote Quote(double now, double after = 0)
    {
        var rate = RateAt(now);
        return new(traits.Name, traits.Kind, rate, Queued + (long)Math.Min(after * rate, 1L << 60), Latency, traits.PricePerByte);
    }

    void Move(double now)
    {
        var elapsed = now - _windowStart;
        if (elapsed > 0)
        {
            var seen = _windowBytes / elapsed;
            _rate = _rate > 0 ? (0.7 * _rate) + (0.3 * seen) : seen;
            (_windowStart, _windowBytes) = (now, 0);
        }
    }
}
