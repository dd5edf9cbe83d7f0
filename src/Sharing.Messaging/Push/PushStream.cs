using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>A log that is followed: its newest entries, encoded once as server-sent events. Whoever is further behind reads the log itself.</summary>
/// <remarks>Thread-safe. The entries in memory are a snapshot that is replaced whole; then everybody who is at rest writes what is new to him. So nobody has a queue: a slow reader costs what one write of
/// his takes, and falls back to the log when the snapshot has moved past him.</remarks>
sealed class PushStream(EventLog log, Func<LogEntry, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> encode)
{
    const int MostEntries = 512, MostBytes = 256 * 1024, MostAtOnce = 64 * 1024, EntriesOfLogAtOnce = 100;
    const int AtOnce = 64, EnoughForAThread = 1000;

    static readonly byte[] Ping = ":\n\n"u8.ToArray();

    readonly Lock _lock = new();
    readonly List<PushFollower?> _places = [];
    readonly Stack<int> _free = [];
    bool _isSpreading, _spreadsAgain;
    int _beats, _forgotten;
    volatile bool _isOver;
    volatile Tail? _tail;
    Task _reading = Task.CompletedTask;
    Task? _next;

    /// <summary>How many follow it; kept by the hub.</summary>
    public int Followers { get; set; }

    /// <summary>At which version of the log's head it was last read because of another host; kept by the hub.</summary>
    public long HeadSeen { get; set; }

    /// <summary>Reads what was appended until now. Those who ask while a reading is under way share the next one.</summary>
    public Task PumpAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return (_next ??= Task.Run(ReadNextAsync, CancellationToken.None)).WaitAsync(cancellationToken);
        }
    }

    public async Task TryPumpAsync()
    {
        try
        {
            await PumpAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is SharingException or IOException or InvalidOperationException or System.Data.Common.DbException)
        {
            // The next beat reads it.
        }
    }

    /// <summary>How often those to whom nothing is to be told have said that they are there.</summary>
    public int Beats => _beats;

    /// <summary>Wakes everybody, so that those to whom nothing is to be told say that they are there.</summary>
    public void Beat()
    {
        Interlocked.Increment(ref _beats);
        if (_tail is not null)
        {
            Replace(static tail => new(tail!.Before, tail.Events));
        }
    }

    /// <summary>Whether the log was deleted: nobody is told any more.</summary>
    public bool IsOver => _isOver;

    /// <summary>Forgets what it has in memory, since entries may say something else by now. Whoever has not heard them yet reads the log.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _forgotten++;
        }

        if (_tail is not null)
        {
            Replace(static tail => new(tail!.Last, []));
        }
    }

    /// <summary>The log was deleted: forgets it, and lets everybody go.</summary>
    public void End()
    {
        _isOver = true;
        Forget();
    }

    /// <summary>From now on a follower is told of what comes.</summary>
    /// <returns>His place, to be given back.</returns>
    public int Join(PushFollower follower)
    {
        lock (_lock)
        {
            if (_free.TryPop(out var place))
            {
                _places[place] = follower;
                return place;
            }

            _places.Add(follower);
            return _places.Count - 1;
        }
    }

    public void Leave(int place)
    {
        lock (_lock)
        {
            _places[place] = null;
            _free.Push(place);
        }
    }

    /// <summary>Waits until there is something after a number, or for the next beat.</summary>
    public Task WaitAfterAsync(long after, CancellationToken cancellationToken)
    {
        var tail = _tail!;
        return after != tail.Last ? Task.CompletedTask : tail.Replaced.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Writes what comes after a number as server-sent events, not much at once; where there is nothing, a ping if that is wanted.</summary>
    /// <returns>The number up to which it has written.</returns>
    public ValueTask<long> WriteAfterAsync(long after, bool pings, IBufferWriter<byte> to, CancellationToken cancellationToken)
    {
        var tail = _tail!;
        if (after < tail.Before || after > tail.Last)
        {
            return WriteLogAsync(after, to, cancellationToken);
        }

        if (after == tail.Last && pings)
        {
            to.Write(Ping);
        }

        return new(WriteTail(tail, after, to));
    }

    static long WriteTail(Tail tail, long after, IBufferWriter<byte> to)
    {
        var bytes = 0;
        var at = after;
        for (; at < tail.Last && bytes < MostAtOnce; at++)
        {
            var one = tail.Events[at - tail.Before].Span;
            to.Write(one);
            bytes += one.Length;
        }

        return at;
    }

    async ValueTask<long> WriteLogAsync(long after, IBufferWriter<byte> to, CancellationToken cancellationToken)
    {
        var at = after;
        try
        {
            await foreach (var entry in log.ReadAsync(after, cancellationToken))
            {
                to.Write((await EventAsync(entry, cancellationToken)).Span);
                if ((at = entry.Number) - after == EntriesOfLogAtOnce)
                {
                    break;
                }
            }

            return at;
        }
        catch (SharingException e) when (e.Code == ProblemCodes.RangeNotSatisfiable)
        {
            var kept = (await log.KeptAsync(cancellationToken)).After;
            to.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {kept}\nevent: resync\ndata: {{\"number\":{kept}}}\n\n")));
            return kept;
        }
    }

    async Task ReadNextAsync()
    {
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
        {
            (_reading, _next) = (_next!, null); // whoever asks from here on may have appended something that is not read now
        }

        await ReadAsync(CancellationToken.None);
    }

    async Task ReadAsync(CancellationToken cancellationToken)
    {
        var (tail, from, forgotten) = (_tail, -1L, Volatile.Read(ref _forgotten));
        List<ReadOnlyMemory<byte>> events = [];
        try
        {
            await foreach (var entry in tail is null ? AsyncEnumerable.Empty<LogEntry>() : log.ReadAsync(tail.Last, cancellationToken))
            {
                events.Add(await EventAsync(entry, cancellationToken));
            }

            from = tail?.Last ?? await log.LastAsync(cancellationToken); // what was there before whoever follows is read from the log
        }
        catch (SharingException e) when (e.Code == ProblemCodes.RangeNotSatisfiable)
        {
            (from, events) = (await log.LastAsync(cancellationToken), []); // trimmed just now, or set up anew: those who follow read the log
            if (from < tail!.Last)
            {
                End();
            }
        }

        if (tail is null || events.Count > 0 || from != tail.Last)
        {
            Replace(now => forgotten == _forgotten ? Tail.Of(now is not null && from == now.Last ? now : new(from, []), events) : new(from + events.Count, []));
        }
    }

    async ValueTask<ReadOnlyMemory<byte>> EventAsync(LogEntry entry, CancellationToken cancellationToken)
    {
        var json = await encode(entry, cancellationToken);
        if (json.IsEmpty)
        {
            return json;
        }

        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {entry.Number}\nevent: message\ndata: "));
        return (byte[])[.. head, .. json.Span, (byte)'\n', (byte)'\n'];
    }

    /// <summary>Only one at a time makes the next snapshot of the last one, and whoever waits for that one is told: a beat and a reading may come together.</summary>
    void Replace(Func<Tail?, Tail> next)
    {
        Tail? old;
        lock (_lock)
        {
            old = _tail;
            _tail = next(old);
        }

        old?.Replaced.TrySetResult();
        Spread();
    }

    /// <summary>Lets everybody write. What comes while that is under way goes out in one go afterwards: the more there is to do, the more is done at once.</summary>
    void Spread()
    {
        lock (_lock)
        {
            (_isSpreading, _spreadsAgain) = (true, _isSpreading);
            if (_spreadsAgain)
            {
                return;
            }
        }

        _ = Task.Run(SpreadAsync);
    }

    async Task SpreadAsync()
    {
        for (var isOver = false; !isOver;)
        {
            var (turns, began) = (new Turns(), Stopwatch.GetTimestamp());
            await Task.WhenAll(Enumerable.Range(0, Math.Clamp(_places.Count / EnoughForAThread, 1, Environment.ProcessorCount)).Select(_ => Task.Run(() => Spread(turns))));
            lock (_lock)
            {
                (isOver, _isSpreading, _spreadsAgain) = (!_spreadsAgain, _spreadsAgain, false);
            }

            if (!isOver)
            {
                await Task.Delay(Stopwatch.GetElapsedTime(began), TimeProvider.System);
            }
        }
    }

    void Spread(Turns turns)
    {
        for (var some = new PushFollower?[AtOnce]; ;)
        {
            var count = 0;
            lock (_lock)
            {
                count = Math.Min(AtOnce, _places.Count - turns.Next);
                if (count <= 0)
                {
                    return;
                }

                _places.CopyTo(turns.Next, some, 0, count);
                turns.Next += count;
            }

            foreach (var follower in some.AsSpan(0, count))
            {
                follower?.Go();
            }
        }
    }

    /// <summary>Whose turn it is.</summary>
    sealed class Turns
    {
        public int Next { get; set; }
    }

    /// <summary>A snapshot: the events after a number.</summary>
    sealed class Tail(long before, ReadOnlyMemory<byte>[] events)
    {
        public long Before { get; } = before;

        public ReadOnlyMemory<byte>[] Events { get; } = events;

        public long Last => Before + Events.Length;

        public TaskCompletionSource Replaced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>One with more at its end, and less at its beginning if it would grow too large.</summary>
        public static Tail Of(Tail old, List<ReadOnlyMemory<byte>> more)
        {
            ReadOnlyMemory<byte>[] all = [.. old.Events, .. more];
            var (first, bytes) = (all.Length, 0);
            while (first > 0 && all.Length - first < MostEntries && bytes + all[first - 1].Length <= MostBytes)
            {
                bytes += all[--first].Length;
            }

            return new(old.Before + first, all[first..]);
        }
    }
}
