using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>Takes what comes in by a bearer: whoever writes is known by his address, and what he asks for goes into his inbox (rows M1, M3). Thread-safe singleton.</summary>
public sealed class BearerDesk
{
    readonly BearerBook _book;
    readonly ICatalog _catalog;

    internal BearerDesk(BearerBook book, ICatalog catalog) => (_book, _catalog) = (book, catalog);

    /// <summary>Asks for the newest thing that has these words.</summary>
    /// <returns>The message; <c>null</c>: the address is nobody's, or there is no such thing.</returns>
    public async Task<Message?> TakeAsync(string bearer, BearerInbound inbound, CancellationToken cancellationToken = default) =>
        await _book.OwnerAsync(bearer, inbound.From, cancellationToken) is { } person && inbound.Text.Length <= CatalogEntry.MaxTitle
            && await _catalog.ListAsync(person, new() { Search = inbound.Text, Count = 1 }, cancellationToken) is { Items: [var item] }
            ? await _catalog.RequestAsync(person, item.Id, cancellationToken) : null;
}
