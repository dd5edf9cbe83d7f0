namespace Sharing.Core;

/// <summary>A lease that is held: renewed in the background until it is disposed or lost.</summary>
/// <remarks>Thread-safe. While a process stands still it cannot notice that its lease ran out, so every commit of the work must be
/// <see cref="Guard">guarded</see>; <see cref="Lost"/> only saves the effort.</remarks>
public sealed class Lease : IAsyncDisposable
{
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    readonly IRecordStore _records;
    readonly TimeProvider _time;
    readonly string _holder;
    readonly TimeSpan _duration;
    readonly CancellationTokenSource _lost = new();
    readonly ITimer _renew;
    readonly ITimer _deadline;
    Task _renewal = Task.CompletedTask;
    long _version;
    long _held; // the timestamp at which the last successful renewal began
    int _renewing;
    int _disposed;

    internal Lease(IRecordStore records, TimeProvider time, string name, string holder, TimeSpan duration, long version, long began)
    {
        (_records, _time, _holder, _duration, _version, _held) = (records, time, holder, duration, version, began);
        (Name, Token) = (name, version);
        _renew = time.CreateTimer(static lease => ((Lease)lease!).OnRenew(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _deadline = time.CreateTimer(static lease => ((Lease)lease!).OnDeadline(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _renew.Change(duration / 3, duration / 3);
        OnDeadline();
    }

    /// <summary>What is leased.</summary>
    public string Name { get; }

    /// <summary>The fencing token: greater than that of any holder before.</summary>
    public long Token { get; }

    /// <summary>Fires when somebody else took the lease, when it ran out unrenewed (by the monotonic clock), and when it is disposed.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Lets a batch be committed only as long as nobody else acquired the lease and it was not released. A refused batch
    /// names the record <c>fence/{name}</c> as its conflict.</summary>
    public void Guard(RecordBatch batch) => batch.Check(Leases.Fence(Name), Token);

    /// <summary>Releases the lease, so that the next one need not wait until it runs out. A release that fails is left to time.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _renew.DisposeAsync();
        await _deadline.DisposeAsync();
        Lose();
        await _renewal;
        try
        {
            await ChangeAsync((batch, version) => batch
                .Delete(Leases.Key(Name), version)
                .Delete(Leases.Fence(Name), Token), CancellationToken.None);
        }
        catch (Exception)
        {
            // It runs out.
        }
    }

    void Lose() => _ = _lost.CancelAsync(); // callbacks run elsewhere: what they throw must not end a timer's thread

    void OnRenew()
    {
        if (!_lost.IsCancellationRequested && Interlocked.Exchange(ref _renewing, 1) == 0)
        {
            _renewal = RenewAsync();
        }
    }

    async Task RenewAsync()
    {
        try
        {
            var began = _time.GetTimestamp();
            var renewed = new LeaseRecord(_holder, _time.GetUtcNow() + _duration, _duration);
            if (await ChangeAsync((batch, version) => batch.Put(Leases.Key(Name), renewed, RecordsJson.Default.LeaseRecord, version), _lost.Token))
            {
                Interlocked.Exchange(ref _held, began);
            }
            else
            {
                Lose();
            }
        }
        catch (Exception)
        {
            // Outcome unknown: tried again at the next third, until the time is up.
        }
        finally
        {
            Interlocked.Exchange(ref _renewing, 0);
        }
    }

    void OnDeadline()
    {
        var left = _duration - _time.GetElapsedTime(Interlocked.Read(ref _held));
        if (left > TimeSpan.Zero)
        {
            // A timer counts whole milliseconds and may fire a little early.
            _deadline.Change(left > Tick ? left : Tick, Timeout.InfiniteTimeSpan);
        }
        else
        {
            Lose();
        }
    }

    // Changes the lease record if it is still ours. A commit that ended in an exception may have happened, and given it a version we
    // have not seen: then the holder tells.
    async Task<bool> ChangeAsync(Action<RecordBatch, long> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var batch = new RecordBatch { MakesRoom = true };
            change(batch, _version);
            var outcome = await _records.CommitAsync(batch, cancellationToken);
            if (outcome.Committed)
            {
                _version = outcome.Version;
                return true;
            }

            var present = await _records.GetAsync(Leases.Key(Name), RecordsJson.Default.LeaseRecord, cancellationToken);
            if (present?.Value.Holder != _holder || present.Version == _version)
            {
                return false;
            }

            _version = present.Version;
        }
    }
}
