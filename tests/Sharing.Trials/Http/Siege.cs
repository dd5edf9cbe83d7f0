namespace Sharing.Trials.Http;

/// <summary>Connections that hold a server's attention and want nothing: those that say nothing, and those that say a byte a second.</summary>
sealed class Siege(int port, SiegeSize size) : IAsyncDisposable
{
    const int AtOnce = 100;

    readonly List<RawHttp> _idle = [];
    readonly List<RawHttp> _slow = [];
    readonly CancellationTokenSource _end = new();
    Task _drip = Task.CompletedTask;
    int _ended;

    /// <summary>How many of the slow the server has ended.</summary>
    public int Ended => Volatile.Read(ref _ended);

    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await FillAsync(_idle, size.Idle, cancellationToken);
        await FillAsync(_slow, size.Slow, cancellationToken);
        foreach (var slow in _slow)
        {
            await slow.TrySendAsync("GET /health/live HTTP/1.1\r\nHost: a\r\nX: ", cancellationToken);
        }

        _drip = DripAsync(_end.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _drip.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var raw in _idle.Concat(_slow))
        {
            raw.Dispose();
        }

        _end.Dispose();
    }

    /// <summary>Waits until the slow are all ended.</summary>
    public async Task UntilEndedAsync(CancellationToken cancellationToken)
    {
        while (Ended < size.Slow)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);
        }
    }

    async Task FillAsync(List<RawHttp> list, int count, CancellationToken cancellationToken)
    {
        while (list.Count < count)
        {
            list.AddRange(await Task.WhenAll(Enumerable.Range(0, Math.Min(AtOnce, count - list.Count)).Select(_ => RawHttp.ConnectAsync(port, cancellationToken))));
        }
    }

    async Task DripAsync(CancellationToken cancellationToken)
    {
        var live = _slow.Select(raw => (Raw: raw, Answer: raw.ReadAsync(cancellationToken))).ToList();
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
        while (live.Count > 0 && await second.WaitForNextTickAsync(cancellationToken))
        {
            foreach (var one in live.ToList())
            {
                // Nothing is said for half a minute, and the reading gives up: that is not the server's doing.
                if (one.Answer.IsCompleted ? !(await one.Answer).EndsWith(RawHttp.Stands, StringComparison.Ordinal) : !await one.Raw.TrySendAsync("x", cancellationToken))
                {
                    live.Remove(one);
                    Interlocked.Increment(ref _ended);
                }
            }
        }
    }
}
