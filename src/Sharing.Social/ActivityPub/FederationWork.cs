using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Social;

/// <summary>The background work of the fediverse: deliveries.</summary>
sealed class FederationWork(Deliveries deliveries, IOptions<ActivityPubOptions> options, IRecordWatch watch, TimeProvider time, ILogger<FederationWork> logger) : WorkLoop(watch, time, logger)
{
    protected override IReadOnlyList<(WorkQueue Queue, int AtOnce, Func<CancellationToken, Task<bool>> RunOnceAsync)> Lanes { get; } =
        [(deliveries.Queue, options.Value.ConcurrentDeliveries, deliveries.RunOnceAsync)];
}
