using System.Text.Json;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>Messages and inboxes in the records, and how one gets into the other: once, in order. Thread-safe singleton.</summary>
sealed class MessageBook(IRecordStore records, ContentReferences references, SpaceLedger space, BearerBook bearers, PushHub hub, TimeProvider time)
{
    /// <summary>So many inboxes are written in one commit.</summary>
    internal const int AtOnce = 50;

    static readonly TimeSpan Visibility = TimeSpan.FromMinutes(1);

    /// <summary>Messages with receivers whose inboxes have not been written.</summary>
    public WorkQueue Queue { get; } = new(records, time, "messages");

    /// <summary>A message whose time is not over.</summary>
    public async ValueTask<Versioned<StoredMessage>?> FindAsync(MessageId id, CancellationToken cancellationToken) =>
        await ReadAsync(id, cancellationToken) is { } message && message.Value.Until > time.GetUtcNow() ? message : null;

    /// <summary>The log of somebody's inbox.</summary>
    public EventLog InboxOf(PersonId person) => new(records, MessageKeys.Inbox(person));

    /// <summary>The number of a message in somebody's inbox; <c>null</c>: he has not received it.</summary>
    public async ValueTask<long?> NumberAsync(MessageId id, PersonId receiver, CancellationToken cancellationToken) =>
        (await records.GetAsync(MessageKeys.For(id, receiver), MessageRecords.Default.ReceivedRecord, cancellationToken))?.Value.Number;

    /// <summary>What a log entry says of a message; <c>null</c>: it has had its time.</summary>
    public async ValueTask<Message?> ShowAsync(LogEntry entry, CancellationToken cancellationToken) =>
        entry.Payload.Deserialize(MessageRecords.Default.InboxEntry) is { } said && await FindAsync(said.Id, cancellationToken) is { } message ? message.Value.Show(said.Id, said, entry.Number) : null;

    /// <summary>Adds a message to a batch, with its indexes, the reference to its bytes and the first of its deliveries.</summary>
    /// <returns><c>false</c>: the bytes are going just now.</returns>
    public async ValueTask<bool> PutAsync(RecordBatch batch, MessageId id, StoredMessage message, CancellationToken cancellationToken)
    {
        if (message is { Held: { } held, Upload: null } && !await references.AddAsync(batch, held, MessageKeys.Referrer(id), cancellationToken))
        {
            return false;
        }

        batch.Put(MessageKeys.Message(id), message, MessageRecords.Default.StoredMessage, RecordBatch.Absent);
        batch.Put(MessageKeys.Due(message.Until, id), id.Value, MessageRecords.Default.String, RecordBatch.Any);
        if (message.From is { } sender)
        {
            batch.Put(MessageKeys.Sent(sender, message.Sent, id), id.Value, MessageRecords.Default.String, RecordBatch.Any);
        }

        var receivers = ReceiversOf(message);
        await DeliverAsync(batch, id, receivers.Take(AtOnce), cancellationToken);
        if (receivers.Count > AtOnce)
        {
            await Queue.ScheduleAsync(batch, id.Value, time.GetUtcNow(), WorkLoop.NoPayload, cancellationToken);
        }

        return true;
    }

    /// <summary>Tells those who follow the inboxes of a message's receivers.</summary>
    public void Touch(IEnumerable<PersonId> receivers)
    {
        foreach (var receiver in receivers)
        {
            hub.Touch(MessageKeys.Inbox(receiver));
        }
    }

    /// <summary>Goes on with one message that has receivers left.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken = default)
    {
        if (await Queue.ClaimAsync(Visibility, cancellationToken) is not { } item)
        {
            return false;
        }

        var id = MessageId.Parse(item.Id);
        if (await FindAsync(id, cancellationToken) is { } message)
        {
            // From the first on: where one of those who have it was erased, the others have moved up.
            foreach (var some in ReceiversOf(message.Value).Chunk(AtOnce))
            {
                await records.ChangeAsync(
                    async batch =>
                    {
                        if (await FindAsync(id, cancellationToken) is not { } now)
                        {
                            return false;
                        }

                        await DeliverAsync(batch, id, ReceiversOf(now.Value).IntersectBy(some.Select(static one => one.Person), static one => one.Person), cancellationToken);
                        batch.Check(now.Key, now.Version); // whoever is erased just now gets nothing more, and gives nothing
                        return batch.Changes.Count > 1;
                    },
                    cancellationToken);
                Step.Reached("message.delivered");
                Touch(some.Select(static one => one.Person!.Value));
            }
        }

        var done = new RecordBatch();
        item.Complete(done);
        await records.CommitAsync(done, cancellationToken);
        return true;
    }

    /// <summary>Deletes what has had its time.</summary>
    public async Task SweepAsync(Action<RecordBatch> guard, CancellationToken cancellationToken)
    {
        await foreach (var due in records.ScanAsync(MessageKeys.DueAt(time.GetUtcNow()), MessageRecords.Default.String, cancellationToken))
        {
            await DeleteAsync(MessageId.Parse(due.Value), due.Key, guard, cancellationToken);
        }
    }

    /// <summary>Takes somebody out of a message that tells of him. What he sent stays in others' inboxes, and tells nothing any more; what is nobody else's goes.</summary>
    public async Task EraseAsync(MessageId id, PersonId person, CancellationToken cancellationToken)
    {
        if (await ReadAsync(id, cancellationToken) is not { Value: var found })
        {
            return;
        }

        if ((found.From is null || found.From == person) && ReceiversOf(found).All(to => to.Person == person))
        {
            await DeleteAsync(id, MessageKeys.Due(found.Until, id), static _ => { }, cancellationToken);
            return;
        }

        await records.ChangeAsync(
            async batch =>
            {
                if (await ReadAsync(id, cancellationToken) is not { Value: var message } stored || !message.Names(person))
                {
                    return false;
                }

                var left = message with { To = [.. message.To.Select(to => to.Names(person) ? StoredReceiver.Erased : to)] };
                if (message.From == person)
                {
                    left = message.WithoutSender();
                    await ReleaseAsync(batch, id, message, cancellationToken);
                    await Queue.RemoveAsync(batch, id.Value, cancellationToken);
                }

                batch.Put(stored.Key, left, MessageRecords.Default.StoredMessage, stored.Version).Delete(MessageKeys.For(id, person), RecordBatch.Any);
                return true;
            },
            cancellationToken);
    }

    ValueTask<Versioned<StoredMessage>?> ReadAsync(MessageId id, CancellationToken cancellationToken) =>
        records.GetAsync(MessageKeys.Message(id), MessageRecords.Default.StoredMessage, cancellationToken);

    /// <summary>Those in whose inboxes a message is once it is committed.</summary>
    public static IEnumerable<PersonId> FirstOf(StoredMessage message) => ReceiversOf(message).Take(AtOnce).Select(static one => one.Person!.Value);

    static List<StoredReceiver> ReceiversOf(StoredMessage message) => [.. message.To.Where(static to => to.Gets).DistinctBy(static to => to.Person)];

    /// <summary>Adds to a batch that a message is in some inboxes; those who have it already keep it.</summary>
    async ValueTask DeliverAsync(RecordBatch batch, MessageId id, IEnumerable<StoredReceiver> receivers, CancellationToken cancellationToken)
    {
        foreach (var one in receivers)
        {
            if (one.Person is { } receiver && await NumberAsync(id, receiver, cancellationToken) is null)
            {
                var entry = JsonSerializer.SerializeToElement(new InboxEntry(id, one.Because), MessageRecords.Default.InboxEntry);
                var number = await InboxOf(receiver).AppendAsync(batch, entry, cancellationToken);
                batch.Put(MessageKeys.For(id, receiver), new(number), MessageRecords.Default.ReceivedRecord, RecordBatch.Absent);
                await bearers.ScheduleAsync(batch, receiver, cancellationToken);
            }
        }
    }

    /// <summary>Adds to a batch that a message has no sender and no bytes any more.</summary>
    async ValueTask ReleaseAsync(RecordBatch batch, MessageId id, StoredMessage message, CancellationToken cancellationToken)
    {
        if (message.From is { } sender)
        {
            batch.Delete(MessageKeys.Sent(sender, message.Sent, id), RecordBatch.Any);
            if (message.Key is { } key)
            {
                batch.Delete(MessageKeys.Key(sender, key), RecordBatch.Any);
            }

            if (message.Counts)
            {
                await space.ReleaseAsync(batch, sender, message.Held!.Value.Length, cancellationToken);
            }
        }

        if (message.Held is { } held)
        {
            await references.RemoveAsync(batch, held.Id, message.Upload is { } upload ? MessageKeys.UploadReferrer(upload) : MessageKeys.Referrer(id), cancellationToken);
        }
    }

    async Task DeleteAsync(MessageId id, RecordKey due, Action<RecordBatch> guard, CancellationToken cancellationToken)
    {
        await records.ChangeAsync(
            async batch =>
            {
                batch.Delete(due, RecordBatch.Any);
                guard(batch);
                if (await ReadAsync(id, cancellationToken) is not { Value: var message } stored)
                {
                    return true;
                }

                batch.Delete(stored.Key, stored.Version);
                await ReleaseAsync(batch, id, message, cancellationToken);
                return true;
            },
            cancellationToken);
        await foreach (var received in records.ScanAsync(MessageKeys.ForAll(id), MessageRecords.Default.ReceivedRecord, cancellationToken))
        {
            await InboxOf(PersonId.Parse(received.Key.Part(1))).TrimAsync(received.Value.Number, cancellationToken);
            await records.CommitAsync(new RecordBatch().Delete(received.Key, RecordBatch.Any), cancellationToken);
        }
    }
}
