using Microsoft.Extensions.Logging;

namespace Sharing.Core;

/// <summary>The background work of erasures.</summary>
public sealed class ErasureWork(PersonalData personal, IRecordWatch watch, TimeProvider time, ILogger<ErasureWork> logger) : WorkLoop(watch, time, logger)
{
    /// <inheritdoc/>
    protected override IReadOnlyList<(WorkQueue Queue, int AtOnce, Func<CancellationToken, Task<bool>> RunOnceAsync)> Lanes { get; } = [(personal.Queue, 1, personal.RunOnceAsync)];
}
