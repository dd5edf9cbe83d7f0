using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Offline;

/// <summary>The background work of a server that takes posts without keeping their resources: a lane for each network, and those that gather.</summary>
public sealed class PostsWork(
    Outbox outbox, KeepWork keep, GatherWork gather, IOptions<OfflineOptions> options, IRecordWatch watch, TimeProvider time,
    ILogger<PostsWork> logger) : WorkLoop(watch, time, logger)
{
    /// <inheritdoc/>
    protected override IReadOnlyList<(WorkQueue Queue, int AtOnce, Func<CancellationToken, Task<bool>> RunOnceAsync)> Lanes { get; } =
        [.. outbox.Lanes(options.Value), (keep.Queue, 1, keep.RunOnceAsync), (gather.Queue, options.Value.ConcurrentFetches, gather.RunOnceAsync)];
}
