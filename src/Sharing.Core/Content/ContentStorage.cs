using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Sharing.Core;

/// <summary>Puts the layers together: verifying → small ones in the records → a driver's, a folder, or memory.</summary>
static class ContentStorage
{
    public static IContentStore Create(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<StorageOptions>>().Value;
        var time = services.GetRequiredService<TimeProvider>();
        if ((services.GetKeyedService<IContentStore>("driver") ?? (options.ContentFolder is { } folder ? new FolderContentStore(folder, time) : null)) is not { } store)
        {
            return new MemoryContentStore(time); // what is in memory does not change by itself
        }

        if (options.SmallContents > 0 && services.GetRequiredKeyedService<IRecordStore>("driver") is not MemoryRecordStore and var records)
        {
            store = new RecordedContentStore(store, records, options.SmallContents);
        }

        return new VerifyingContentStore(store, options.TrustFor, time, services.GetRequiredService<ILogger<VerifyingContentStore>>());
    }
}
