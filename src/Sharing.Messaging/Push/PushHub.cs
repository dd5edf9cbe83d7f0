using System.Collections.Concurrent;
using System.Text.Json;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>The logs that are being followed now: each has its newest entries in memory once, encoded, for however many follow it. Thread-safe singleton.</summary>
/// <remarks>A commit that appends to a log calls <see cref="Touch"/> afterwards. Of commits of other hosts the records tell, where they can (<see cref="WatchingRecordStore.HearsOthers"/>): then all logs that are followed are
/// asked at once how far they are. What is missed that way is found at the next beat. Record: <c>inbox-changed/all</c>, which says nothing and whose version tells hosts that what they have in memory is out of date.</remarks>
sealed class PushHub : IDisposable
{
    const int AtOnce = 1000;

    /// <summary>So often those who follow hear that the server is there, and logs are looked at.</summary>
    static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    readonly IRecordStore _records;
    readonly ConcurrentDictionary<string, PushStream> _streams = new(StringComparer.Ordinal);
    readonly Lock _lock = new();
    /// <summary>At least so long after one look at all logs comes the next, and so much longer for each thousand of them.</summary>
    static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20);

    /// <summary>Its version changes when entries of whatever logs say something else than before.</summary>
    static readonly RecordKey s_changed = RecordKey.Of("inbox-changed", "all");

    readonly CancellationTokenSource _end = new();
    readonly ITimer _timer;
    Task? _hearing;
    long _changed;

    public PushHub(IRecordStore records, TimeProvider time)
    {
        _records = records;
        _timer = time.CreateTimer(_ => BeatNow(), null, Beat, Beat);
    }

    /// <summary>How many logs are followed.</summary>
    public int Count => _streams.Count;

    /// <summary>Whether anybody follows a log at this host.</summary>
    public bool IsFollowed(string log) => _streams.ContainsKey(log);

    /// <summary>Follows a log.</summary>
    /// <param name="log">Its name.</param>
    /// <param name="encode">What is told of an entry, as JSON in UTF-8 on one line; empty: nothing. The same for all who follow the log.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>To be disposed when it is not followed any more.</returns>
    public async ValueTask<PushFollower> FollowAsync(string log, Func<LogEntry, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> encode, CancellationToken cancellationToken)
    {
        await LookForChangesAsync(cancellationToken);
        PushStream? stream;
        lock (_lock)
        {
            if (!_streams.TryGetValue(log, out stream) || stream.IsOver)
            {
                _streams[log] = stream = new(new(_records, log), encode);
            }

            stream.Followers++;
            if (_hearing is null && _records is WatchingRecordStore { HearsOthers: true } watch)
            {
                _hearing = Task.Run(() => HearAsync(watch), CancellationToken.None);
            }
        }

        var follower = new PushFollower(stream, () => Leave(log, stream));
        try
        {
            await stream.PumpAsync(cancellationToken);
            return follower;
        }
        catch
        {
            follower.Dispose();
            throw;
        }
    }

    /// <summary>Something was appended to a log. Never throws; what cannot be read now is read at the next beat.</summary>
    public void Touch(string log)
    {
        if (_streams.TryGetValue(log, out var stream))
        {
            _ = stream.TryPumpAsync();
        }
    }

    /// <summary>A log was deleted: whoever follows it at this host is let go.</summary>
    public void End(string log)
    {
        if (_streams.TryGetValue(log, out var stream))
        {
            stream.End();
        }
    }

    /// <summary>Entries of logs say something else than before: what hosts have of them in memory is forgotten, here at once, at others before anybody begins to follow there, and at their next beat.</summary>
    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        await _records.CommitAsync(new RecordBatch().Put(s_changed, "{}"u8.ToArray(), RecordBatch.Any), cancellationToken);
        await LookForChangesAsync(cancellationToken);
    }

    public void Dispose()
    {
        _end.Cancel();
        _timer.Dispose();
    }

    async Task HearAsync(WatchingRecordStore watch)
    {
        for (var seen = 0L; !_end.IsCancellationRequested;)
        {
            try
            {
                seen = await watch.WaitAsync(EventLog.HeadKind, seen, _end.Token);
                await LookAsync();
            }
            catch (Exception) when (!_end.IsCancellationRequested)
            {
                // The next beat reads what could not be read now.
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(Rest * (1 + (_streams.Count / AtOnce)), TimeProvider.System, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Reads of the logs that are followed those that have gone on.</summary>
    async Task LookAsync()
    {
        foreach (var some in _streams.ToArray().Chunk(AtOnce))
        {
            var heads = await _records.HeadsAsync([.. some.Select(static one => RecordRange.One(EventLog.HeadKeyOf(one.Key)))], 1, _end.Token);
            foreach (var ((_, stream), head) in some.Zip(heads))
            {
                if (head is [{ Version: var version }] && stream.HeadSeen != version)
                {
                    stream.HeadSeen = version;
                    _ = stream.TryPumpAsync();
                }
            }
        }
    }

    void Leave(string log, PushStream stream)
    {
        lock (_lock)
        {
            if (--stream.Followers == 0)
            {
                _streams.TryRemove(new(log, stream));
            }
        }
    }

    async Task LookForChangesAsync(CancellationToken cancellationToken)
    {
        var version = (await _records.GetAsync(s_changed, cancellationToken))?.Version ?? 0;
        if (version != Interlocked.Read(ref _changed))
        {
            foreach (var stream in _streams.Values)
            {
                stream.Forget();
            }

            Interlocked.Exchange(ref _changed, version);
        }
    }

    async Task TryLookForChangesAsync()
    {
        try
        {
            await LookForChangesAsync(_end.Token);
        }
        catch (Exception e) when (e is SharingException or IOException or InvalidOperationException or OperationCanceledException or System.Data.Common.DbException)
        {
            // The next beat sees it.
        }
    }

    void BeatNow()
    {
        _ = TryLookForChangesAsync();
        foreach (var stream in _streams.Values)
        {
            stream.Beat();
            _ = stream.TryPumpAsync();
        }
    }
}
