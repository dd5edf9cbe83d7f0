using System.Runtime.CompilerServices;

namespace Sharing.Core;

/// <summary>Counts what a transfer does and tells it, not too often; while nothing comes it tells that, too: the speed falls.</summary>
sealed class TransferMeter : IDisposable
{
    readonly TimeProvider _time;
    readonly TimeSpan _interval;
    readonly IProgress<TransferProgress>? _listener;
    readonly ITimer _late;
    readonly long _started;
    readonly Lock _lock = new();
    TransferProgress _now = new();
    TransferProgress _told = new();
    TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long _toldAt;
    long _rateBytes;
    long _rateSince;
    bool _ended;

    public TransferMeter(TimeProvider time, TimeSpan interval, IProgress<TransferProgress>? listener)
    {
        (_time, _interval, _listener, _started) = (time, interval, listener, time.GetTimestamp());
        _late = time.CreateTimer(static meter => ((TransferMeter)meter!).TellLate(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _late.Dispose();

    public void Count(SourceSlot slot, int bytes)
    {
        var traits = slot.Source.Traits;
        Telemetry.Transferred(traits.Kind, bytes);
        lock (_lock)
        {
            _rateBytes += bytes;
            _now = traits.Kind switch
            {
                SourceKind.Origin => _now with { Source = traits.Name, Kind = traits.Kind, FromOrigin = _now.FromOrigin + bytes },
                SourceKind.Server => _now with { Source = traits.Name, Kind = traits.Kind, FromServer = _now.FromServer + bytes },
                _ => _now with { Source = traits.Name, Kind = traits.Kind, FromPeers = _now.FromPeers + bytes },
            };
        }
    }

    public void OriginChanged()
    {
        lock (_lock)
        {
            _now = _now with { OriginChanges = _now.OriginChanges + 1 };
        }
    }

    public void Report(long done, long? total)
    {
        lock (_lock)
        {
            _now = _now with { Done = done, Total = total };
            if (_time.GetElapsedTime(_toldAt == 0 ? _started : _toldAt) < _interval)
            {
                Expect();
                return;
            }

            Tell();
        }
    }

    /// <summary>Tells the last progress: everything is there.</summary>
    public void Finish(long length)
    {
        lock (_lock)
        {
            _now = _now with { Done = length, Total = length };
            Tell();
        }
    }

    public void End()
    {
        lock (_lock)
        {
            if (_told != _now)
            {
                Tell();
            }

            _ended = true;
            Wake();
        }
    }

    public async IAsyncEnumerable<TransferProgress> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        TransferProgress? seen = null;
        while (true)
        {
            Task news;
            TransferProgress told;
            bool ended;
            lock (_lock)
            {
                (news, told, ended) = (_news.Task, _told, _ended);
            }

            if (told != seen)
            {
                yield return seen = told;
            }
            else if (ended)
            {
                yield break;
            }
            else
            {
                await news.WaitAsync(cancellationToken);
            }
        }
    }

    void TellLate()
    {
        lock (_lock)
        {
            if (!_ended && (_told != _now || _told.BytesPerSecond > 0))
            {
                Tell();
            }
        }
    }

    /// <summary>What is not told by the end of the interval is told then.</summary>
    void Expect()
    {
        if (_interval > TimeSpan.Zero)
        {
            _late.Change(_interval, Timeout.InfiniteTimeSpan);
        }
    }

    void Tell()
    {
        var now = _time.GetTimestamp();
        var elapsed = _time.GetElapsedTime(_rateSince == 0 ? _started : _rateSince, now);
        if (elapsed > TimeSpan.Zero)
        {
            var seen = _rateBytes / elapsed.TotalSeconds;
            var rate = _now.BytesPerSecond > 0 ? (0.7 * _now.BytesPerSecond) + (0.3 * seen) : seen;
            rate = rate < 1 ? 0 : rate; // stands still
            (_now, _rateBytes, _rateSince) = (_now with { BytesPerSecond = rate }, 0, now);
        }

        (_told, _toldAt) = (_now, now);
        _listener?.Report(_told);
        Wake();
        Expect();
    }

    void Wake()
    {
        var news = _news;
        _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
        news.TrySetResult();
    }
}
