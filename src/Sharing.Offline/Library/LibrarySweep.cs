using Microsoft.Extensions.Logging;
using Sharing.Core;

namespace Sharing.Offline;

/// <summary>Deletes from the library what is kept longer than the retention (row R9).</summary>
sealed class LibrarySweep(OfflineLibrary library, ILogger<OfflineLibrary> logger) : ISweep
{
    public async Task SweepAsync(Action<RecordBatch> guard, CancellationToken cancellationToken = default)
    {
        foreach (var gone in await library.ExpireAsync(guard, cancellationToken))
        {
            OfflineLog.Expired(logger, gone);
        }
    }
}
