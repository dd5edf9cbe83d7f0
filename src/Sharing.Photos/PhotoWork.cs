using Microsoft.Extensions.Logging;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>The photo server's background work: what there is to know of new bytes and their previews; friends who are to be told; codes that were asked for.</summary>
sealed class PhotoWork(
    PictureMaking making, Pictures pictures, GrantNotices notices, EntryCodes codes, IRecordWatch watch, TimeProvider time, ILogger<PhotoWork> logger) : WorkLoop(watch, time, logger)
{
    protected override IReadOnlyList<(WorkQueue Queue, int AtOnce, Func<CancellationToken, Task<bool>> RunOnceAsync)> Lanes { get; } =
        [(pictures.Queue, Math.Max(1, Environment.ProcessorCount), making.RunOnceAsync), (notices.Queue, 2, notices.RunOnceAsync), (codes.Queue, 1, codes.RunOnceAsync)];
}
