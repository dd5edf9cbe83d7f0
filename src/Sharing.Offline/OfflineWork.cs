using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Offline;

/// <summary>The download server's background work: a lane for each network, one for keeping, one for fetching, one for telling posts what landed.</summary>
public sealed class OfflineWork(
    Outbox outbox, KeepWork keep, LandedWork landed, OfflineLibrary library, OfflineIngest ingest, IOptions<OfflineOptions> options, IRecordWatch watch, TimeProvider time,
    ILogger<OfflineWork> logger) : WorkLoop(watch, time, logger)
{
    /// <inheritdoc/>
    protected override IReadOnlyList<(WorkQueue Queue, int AtOnce, Func<CancellationToken, Task<bool>> RunOnceAsync)> Lanes { get; } =
    [
        .. outbox.Lanes(options.Value), (keep.Queue, 1, keep.RunOnceAsync), (landed.Queue, 1, landed.RunOnceAsync),
        (library.Ingests, options.Value.ConcurrentFetches, ingest.RunOnceAsync),
    ];
}
