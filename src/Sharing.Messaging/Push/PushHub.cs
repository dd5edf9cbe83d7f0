using System.Collections.Concurrent;
using System.Text.Json;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>The logs that are being followed now: each has its newest entries in memory once, encoded, for however many follow it. Thread-safe singleton.</summary>
/// <remarks>A commit that appends to a log calls <see cref="Touch"/> afterwards. Of commits of other hosts the records tell, where they can (<see cref="WatchingRecordStore.HearsOthers"/>): then all logs that are followed are
/// asked at once how far they are. What is missed that way is found at the next beat.</remarks>
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

    readonly CancellationTokenSource _end = new();
    readonly ITimer _timer;
    Task? _hearing;

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
        PushStream stream;
        lock (_lock)
        {
            stream = _streams.GetOrAdd(log, static (name, with) => new(new(with._records, name), with.encode), (_records, encode));
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

    void BeatNow()
    {
        foreach (var stream in _streams.Values)
        {
            stream.Beat();
            _ = stream.TryPumpAsync();
        }
    }
}
