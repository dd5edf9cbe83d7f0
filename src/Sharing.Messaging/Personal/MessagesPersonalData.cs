using System.Runtime.CompilerServices;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>What the message centre keeps about people: what they sent and received, how far their terminals have come, where they can be woken, and their taste.</summary>
/// <remarks>What somebody sent stays in others' inboxes as an entry that tells nothing: from <see cref="PersonalRecords.Nobody"/>, without words, a name or bytes. What another has sent on is the other's message, and stays as it is.</remarks>
sealed class MessagesPersonalData(
    IRecordStore records, MessageBook book, MessageUploads uploads, RecordMessages messages, RecordInbox inbox, BearerBook bearers, PushHub hub) : IPersonalData
{
    const int AtOnce = 100;

    public string Name => "messages";

    public IReadOnlyCollection<string> RecordKinds => ["message", "message-of", "message-key", "message-for", "message-upload", "inbox-seen", "bearer", "bearer-of", "taste"];

    public async Task ExportAsync(PersonId person, IPersonalArchive archive, CancellationToken cancellationToken)
    {
        // An archive has one file open at a time: first the bytes, then the lists that say where they are.
        var files = new Dictionary<MessageId, string>();
        await foreach (var sent in messages.ListAsync(person, cancellationToken))
        {
            await AddBytesAsync("sent", sent.Id, sent.Resource);
        }

        await foreach (var received in ReceivedAsync(person, cancellationToken))
        {
            await AddBytesAsync("received", received.Id, received.Resource);
        }

        await archive.AddListAsync(
            "sent", messages.ListAsync(person, cancellationToken).Select(async (one, token) => new PersonalSent(one, (await book.FindAsync(one.Id, token))?.Value.Key, files.GetValueOrDefault(one.Id))),
            PersonalMessagesJson.Default.PersonalSent, cancellationToken);
        await archive.AddListAsync(
            "received", ReceivedAsync(person, cancellationToken).Select(one => new PersonalReceived(one, files.GetValueOrDefault(one.Id))), PersonalMessagesJson.Default.PersonalReceived, cancellationToken);
        await ExportUploadsAsync(person, archive, cancellationToken);
        await archive.AddListAsync(
            "terminals", records.ScanAsync(RecordRange.Under("inbox-seen", person.Value), MessageRecords.Default.SeenRecord, cancellationToken).Select(static one => one.Value),
            PersonalMessagesJson.Default.SeenRecord, cancellationToken);
        await archive.AddListAsync("addresses", (await bearers.ListAsync(person, cancellationToken)).ToAsyncEnumerable(), PersonalMessagesJson.Default.BearerBinding, cancellationToken);
        await archive.AddListAsync(
            "taste", records.ScanAsync(RecordRange.One(TasteBook.KeyOf(person)), MessageRecords.Default.StoredTaste, cancellationToken).Select(static one => one.Value),
            PersonalMessagesJson.Default.StoredTaste, cancellationToken);

        // What is the server's own, out of its catalogue, is named and not copied.
        async Task AddBytesAsync(string folder, MessageId id, MessageResource resource)
        {
            if (!files.ContainsKey(id) && await book.FindAsync(id, cancellationToken) is { Value: { Held: { } held, Item: null } message })
            {
                files[id] = await archive.AddContentAsync([folder, resource.Name], held.Id, message.Sent, cancellationToken);
            }
        }
    }

    public async Task<bool> EraseAsync(PersonId person, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await uploads.EraseAsync(person, cancellationToken);
        await foreach (var message in records.ScanAsync(RecordRange.Under("message"), MessageRecords.Default.StoredMessage, cancellationToken).Where(one => one.Value.Names(person)))
        {
            await book.EraseAsync(MessageId.Parse(message.Key.Part(0)), person, cancellationToken);
        }

        await bearers.EraseAsync(person, cancellationToken);
        await records.DeleteAllAsync(
            records.ScanAsync(RecordRange.Under("message-for"), cancellationToken).Select(static one => one.Key).Where(key => key.Part(1) == person.Value), cancellationToken);
        await records.DeleteAllAsync(RecordRange.Under("inbox-seen", person.Value), cancellationToken);
        await records.DeleteAllAsync(RecordRange.One(MessageKeys.Seen(person, null)), cancellationToken);
        await records.DeleteAllAsync(RecordRange.One(TasteBook.KeyOf(person)), cancellationToken);
        await book.InboxOf(person).DeleteAsync(cancellationToken);
        hub.End(MessageKeys.Inbox(person));
        await hub.ForgetAsync(cancellationToken); // others' inboxes are in memory with what he wrote
        return true;
    }

    async Task ExportUploadsAsync(PersonId person, IPersonalArchive archive, CancellationToken cancellationToken)
    {
        var files = new List<PersonalMessageUpload>();
        await foreach (var (id, upload) in uploads.ListAsync(person, cancellationToken))
        {
            files.Add(new(id, upload.Name, upload.MediaType, upload.Until, await archive.AddContentAsync(["uploads", upload.Name], upload.Content.Id, DateTimeOffset.UnixEpoch, cancellationToken)));
        }

        await archive.AddListAsync("uploads", files.ToAsyncEnumerable(), PersonalMessagesJson.Default.PersonalMessageUpload, cancellationToken);
    }

    /// <summary>The whole inbox, in the order of arrival.</summary>
    async IAsyncEnumerable<Message> ReceivedAsync(PersonId person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var (after, isWhole) = (0L, false); !isWhole;)
        {
            var page = await inbox.ReadAsync(person, new() { After = after, Count = AtOnce }, cancellationToken);
            foreach (var message in page.Messages)
            {
                yield return message;
            }

            (after, isWhole) = (page.Next, page.IsWhole);
        }
    }
}
