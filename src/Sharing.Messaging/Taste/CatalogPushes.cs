using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>Pushes what is new in the catalogue to those whom it suits. Thread-safe singleton.</summary>
sealed class CatalogPushes(IRecordStore records, CatalogBook catalog, MessageBook book, TasteBook tastes, IAudienceSelector selector, IOptions<MessageOptions> options, TimeProvider time)
{
    static readonly TimeSpan Visibility = TimeSpan.FromMinutes(5);

    /// <summary>Does one item that is new.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken = default)
    {
        if (await catalog.Pushes.ClaimAsync(Visibility, cancellationToken) is not { } work)
        {
            return false;
        }

        var id = CatalogItemId.Parse(work.Id);
        if (await catalog.FindAsync(id, cancellationToken) is { Value: var item })
        {
            List<StoredReceiver> chosen = [];
            await foreach (var choice in selector.ChooseAsync(item.Show(id), cancellationToken))
            {
                if (await tastes.TakePushAsync(choice.Person, id, cancellationToken))
                {
                    chosen.Add(new(choice.Person.Value, choice.Person, false) { Because = choice.Because });
                }

                if (chosen.Count == MessageDraft.MostReceivers)
                {
                    await SendAsync(id, item, chosen, cancellationToken);
                    chosen = [];
                }
            }

            if (chosen.Count > 0)
            {
                await SendAsync(id, item, chosen, cancellationToken);
            }
        }

        var done = new RecordBatch();
        work.Complete(done);
        await records.CommitAsync(done, cancellationToken);
        return true;
    }

    async Task SendAsync(CatalogItemId id, StoredItem item, IReadOnlyList<StoredReceiver> chosen, CancellationToken cancellationToken)
    {
        var (message, now) = (MessageId.New(), time.GetUtcNow());
        if (await records.ChangeAsync(
            async batch => await book.PutAsync(batch, message, new(null, MessageKind.Pushed, now, now + options.Value.KeepFor, item.Resource, chosen) { Held = item.Held, Item = id }, cancellationToken), cancellationToken))
        {
            book.Touch(chosen.Select(static one => one.Person!.Value));
        }
    }
}
