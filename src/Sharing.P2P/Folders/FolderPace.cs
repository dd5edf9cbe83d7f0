using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Keeps the work of shared folders out of the way of everything else: it steps back while something is being fetched, and keeps to a rate where one is set. Thread-safe singleton.</summary>
public sealed class FolderPace(TransferEngine engine, IOptions<FolderOptions> options, TimeProvider time)
{
    static readonly TimeSpan StepBack = TimeSpan.FromMilliseconds(20);

    readonly Lock _lock = new();
    long _free;

    /// <summary>Something was hashed.</summary>
    public async ValueTask HashedAsync(CancellationToken cancellationToken)
    {
        if (engine.UnderWay > 0)
        {
            await Task.Delay(StepBack, time, cancellationToken);
        }
    }

    /// <summary>Bytes were sent.</summary>
    public async ValueTask SentAsync(int bytes, CancellationToken cancellationToken)
    {
        await HashedAsync(cancellationToken);
        if (options.Value.BytesPerSecond is > 0 and var rate)
        {
            TimeSpan wait;
            lock (_lock)
            {
                var now = time.GetTimestamp();
                _free = Math.Max(now, _free) + (long)((double)bytes / rate * time.TimestampFrequency);
                wait = time.GetElapsedTime(now, _free);
            }

            await Task.Delay(wait, time, cancellationToken);
        }
    }
}
