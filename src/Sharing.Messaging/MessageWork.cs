using Microsoft.Extensions.Logging;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>The message centre's background work: inboxes that are still to be written, what is new in the catalogue, and people who are to be woken.</summary>
sealed class MessageWork(MessageBook book, CatalogBook catalog, CatalogPushes pushes, BearerBook bearers, IRecordWatch watch, TimeProvider time, ILogger<MessageWork> logger) : WorkLoop(watch, time, logger)
{
    protected override IReadOnlyList<(WorkQueue Queue, int AtOnce, Func<CancellationToken, Task<bool>> RunOnceAsync)> Lanes { get; } = [(book.Queue, 2, book.RunOnceAsync), (catalog.Pushes, 1, pushes.RunOnceAsync), (bearers.Queue, 2, bearers.RunOnceAsync)];
}
