using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>The catalogue as those who have signed in see it. Thread-safe singleton.</summary>
sealed class RecordCatalog(IRecordStore records, CatalogBook catalog, MessageBook book, RecordInbox inbox, TasteBook tastes, IOptions<MessageOptions> options, TimeProvider time) : ICatalog
{
    public async Task<CatalogPage> ListAsync(PersonId actor, CatalogQuery query, CancellationToken cancellationToken = default)
    {
        if (query.Count is < 1 or > CatalogQuery.Most)
        {
            throw new SharingException(ProblemCodes.InvalidInput, $"1 to {CatalogQuery.Most} items can be listed at once.");
        }

        var words = query.Search?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];
        var (items, next) = (new List<CatalogItem>(), (string?)null);
        await foreach (var (id, item, cursor) in catalog.ScanAsync(query.Cursor, cancellationToken))
        {
            if ((query.Kind is { } kind && !string.Equals(kind, item.Kind, StringComparison.OrdinalIgnoreCase)) || !words.All(word => Says(item, word)))
            {
                continue;
            }

            if (items.Count == query.Count)
            {
                return new(items, next);
            }

            items.Add(item.Show(id));
            next = cursor;
        }

        return new(items, null);
    }

    public async Task<CatalogItem?> FindAsync(PersonId actor, CatalogItemId id, CancellationToken cancellationToken = default) => (await catalog.FindAsync(id, cancellationToken))?.Value.Show(id);

    public async Task<Message?> RequestAsync(PersonId actor, CatalogItemId id, CancellationToken cancellationToken = default)
    {
        var (message, now) = (MessageId.New(), time.GetUtcNow());
        var isSent = await records.ChangeAsync(
            async batch => await catalog.FindAsync(id, cancellationToken) is { Value: var item }
                && await book.PutAsync(
                    batch, message, new(null, MessageKind.Requested, now, now + options.Value.KeepFor, item.Resource, [new(actor.Value, actor, false)]) { Held = item.Held, Item = id }, cancellationToken)
                && await tastes.NoteAsync(batch, actor, item, TasteUse.Requested, cancellationToken),
            cancellationToken);
        if (!isSent)
        {
            return null;
        }

        book.Touch([actor]);
        return await inbox.FindAsync(actor, message, cancellationToken);
    }

    static bool Says(StoredItem item, string word) => item.Tags.Append(item.Title).Append(item.Kind)
        .SelectMany(static text => text.Split([' ', '-', ',', '.', ':', '(', ')', '\'', '"'], StringSplitOptions.RemoveEmptyEntries)).Any(said => said.StartsWith(word, StringComparison.CurrentCultureIgnoreCase));
}
