using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>Sent messages in the records. Thread-safe singleton.</summary>
sealed class RecordMessages(
    IRecordStore records, MessageBook book, MessageUploads uploads, CatalogBook catalog, SpaceLedger space, INetworkIdResolver resolver, IRelationshipGraph graph, Limits limits, IOptions<MessageOptions> options, TimeProvider time) : IMessages
{
    public async Task<SentMessage> SendAsync(PersonId actor, MessageDraft draft, string? key = null, CancellationToken cancellationToken = default)
    {
        DraftCheck.Require(draft);
        var to = await ReceiversAsync(actor, draft.To, cancellationToken);
        var (id, now, hash) = (MessageId.New(), time.GetUtcNow(), key is null ? null : HashOf(draft));
        StoredMessage? sent = null;
        await records.ChangeAsync(
            async batch =>
            {
                if (key is not null && await records.GetAsync(MessageKeys.Key(actor, key), MessageRecords.Default.KeyRecord, cancellationToken) is { } before)
                {
                    (id, sent) = (before.Value.Draft == hash ? before.Value.Id : throw new SharingException(ProblemCodes.KeyReused, "This key was used for another message."), null);
                    return false;
                }

                await limits.SpendAsync(batch, actor, LimitedDoor.Messages, draft.To.Count, cancellationToken);
                sent = (await ComposeAsync(batch, actor, draft, to, now, cancellationToken) ?? throw new SharingException(ProblemCodes.NotFound, "There is nothing like that to be sent.")) with { Key = key };
                if (!await book.PutAsync(batch, id, sent, cancellationToken))
                {
                    throw new SharingException(ProblemCodes.NotFound, "What was to be sent is being deleted.");
                }

                if (key is not null)
                {
                    batch.Put(MessageKeys.Key(actor, key), new(id, hash!), MessageRecords.Default.KeyRecord, RecordBatch.Absent);
                }

                return true;
            },
            cancellationToken);
        if (sent is null)
        {
            return await FindAsync(actor, id, cancellationToken) ?? throw new SharingException(ProblemCodes.KeyReused, "What was sent by this key has had its time.");
        }

        Step.Reached("message.sent");
        var delivered = MessageBook.FirstOf(sent).ToList(); // in the same commit
        book.Touch(delivered);
        return Show(id, sent, delivered.ToDictionary(static person => person, static _ => DeliveryState.Delivered));
    }

    public async Task<SentMessage?> FindAsync(PersonId actor, MessageId id, CancellationToken cancellationToken = default)
    {
        if (await book.FindAsync(id, cancellationToken) is not { Value: var message } || message.From != actor)
        {
            return null;
        }

        var numbers = await records.ScanAsync(MessageKeys.ForAll(id), MessageRecords.Default.ReceivedRecord, cancellationToken)
            .ToDictionaryAsync(static one => PersonId.Parse(one.Key.Part(1)), static one => one.Value.Number, cancellationToken: cancellationToken);
        var states = new Dictionary<PersonId, DeliveryState>(numbers.Count);
        foreach (var (person, number) in numbers)
        {
            states[person] = await IsReceivedAsync(person, number, cancellationToken) ? DeliveryState.Received : DeliveryState.Delivered;
        }

        return Show(id, message, states);
    }

    public async IAsyncEnumerable<SentMessage> ListAsync(PersonId actor, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var entry in records.ScanAsync(MessageKeys.SentBy(actor), MessageRecords.Default.String, cancellationToken))
        {
            if (await FindAsync(actor, MessageId.Parse(entry.Value), cancellationToken) is { } sent)
            {
                yield return sent;
            }
        }
    }

    static SentMessage Show(MessageId id, StoredMessage message, Dictionary<PersonId, DeliveryState> states) => new()
    {
        Id = id, Sent = message.Sent, Resource = message.Resource, Text = message.Text,
        To = [.. message.To.Select(one => new Delivery(one.To, one.Person is not { } person ? DeliveryState.Unknown : one.IsRefused ? DeliveryState.Refused : states.GetValueOrDefault(person, DeliveryState.Accepted)))],
    };

    static string HashOf(MessageDraft draft) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(draft, MessageRecords.Default.MessageDraft)));

    async ValueTask<bool> IsReceivedAsync(PersonId person, long number, CancellationToken cancellationToken) =>
        (await records.GetAsync(MessageKeys.Seen(person, null), MessageRecords.Default.SeenRecord, cancellationToken))?.Value.UpTo >= number;

    async Task<IReadOnlyList<StoredReceiver>> ReceiversAsync(PersonId actor, IReadOnlyList<string> to, CancellationToken cancellationToken)
    {
        var ids = to.Distinct(StringComparer.Ordinal).ToList();
        var meant = await resolver.ResolveAsync(actor, ids, cancellationToken);
        var others = meant.Values.Where(person => person != actor).ToHashSet();
        var related = others.Count == 0 ? new Dictionary<PersonId, RelationshipKinds>() : await graph.BetweenAsync(actor, others, cancellationToken);
        return [.. ids.Select(id => meant.TryGetValue(id, out var person)
            ? new StoredReceiver(id, person, (related.GetValueOrDefault(person) & (RelationshipKinds.Blocks | RelationshipKinds.BlockedBy)) != 0)
            : new StoredReceiver(id, null, false))];
    }

    /// <summary>Makes a message of a draft; what that takes is added to the batch.</summary>
    /// <returns><c>null</c>: what it names is not there, or not for him.</returns>
    async ValueTask<StoredMessage?> ComposeAsync(RecordBatch batch, PersonId actor, MessageDraft draft, IReadOnlyList<StoredReceiver> to, DateTimeOffset now, CancellationToken cancellationToken)
    {
        StoredMessage Of(MessageKind kind, MessageResource resource, ContentInfo? held = null) => new(actor, kind, now, now + options.Value.KeepFor, resource, to) { Text = draft.Text, Held = held };
        if (draft.Upload is { } upload)
        {
            return await uploads.TakeAsync(batch, actor, upload, cancellationToken) is { } file
                ? Of(MessageKind.Shared, new() { Name = file.Name, MediaType = file.MediaType, Length = file.Content.Length, Content = file.Content.Id, IsHeld = true }, file.Content) with { Upload = upload } : null;
        }

        if (draft.Item is { } item)
        {
            return await catalog.FindAsync(item, cancellationToken) is { Value: var offered } ? Of(MessageKind.Shared, offered.Resource, offered.Held) with { Item = item } : null;
        }

        if (draft.Forward is { } forwarded)
        {
            if (await book.FindAsync(forwarded, cancellationToken) is not { Value: var message } || (message.From != actor && await book.NumberAsync(forwarded, actor, cancellationToken) is null))
            {
                return null;
            }

            var again = Of(MessageKind.Forwarded, message.Resource, message.Held) with { Item = message.Item };
            return !again.Counts || await space.ReserveAsync(batch, actor, again.Held!.Value.Length, cancellationToken: cancellationToken) ? again
                : throw new SharingException(ProblemCodes.QuotaExceeded, "There is not that much room left for you.");
        }

        return Of(MessageKind.Shared, draft.Resource! with { IsHeld = false });
    }
}
