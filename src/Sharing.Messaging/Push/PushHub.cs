using System.Collections.Concurrent;
using System.Text.Json;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>The logs that are being followed now: each has its newest entries in memory once, encoded, for however many follow it. Thread-safe singleton.</summary>
/// <remarks>A commit that appends to a log calls <see cref="Touch"/> afterwards. What is missed that way (another host's commit) is found at the next beat.</remarks>
sealed class PushHub : IDisposable
{
    /// <summary>So often those who follow hear that the server is there, and logs are looked at.</summary>
    static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    readonly IRecordStore _records;
    readonly ConcurrentDictionary<string, PushStream> _streams = new(StringComparer.Ordinal);
    readonly Lock _lock = new();
    readonly ITimer _timer;

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

    public void Dispose() => _timer.Dispose();

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
