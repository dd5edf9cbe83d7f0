using System.Runtime.CompilerServices;
using System.Text.Json;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>Inboxes in the records: a log for each person. Thread-safe singleton.</summary>
sealed class RecordInbox(IRecordStore records, IContentStore contents, MessageBook book, PushHub hub) : IInbox, IInboxFeed
{
    const int MaxDevice = 200;

    public async Task<InboxPage> ReadAsync(PersonId actor, InboxQuery query, CancellationToken cancellationToken = default)
    {
        if (query.Count is < 1 or > InboxQuery.Most || query.After is < 0 || query.Before is < 1)
        {
            throw new SharingException(ProblemCodes.InvalidInput, $"1 to {InboxQuery.Most} messages can be read at once, after a number from 0 on or before one from 1 on.");
        }

        var log = book.InboxOf(actor);
        var end = query.Before ?? long.MaxValue;
        var asked = query.Before is { } before ? await StartAsync(log, before, query.Count, cancellationToken) : query.After ?? await SeenAsync(actor, query.Device, cancellationToken);
        for (var (after, isCut) = (asked, false); ; isCut = true)
        {
            try
            {
                List<Message> messages = [];
                var (next, isWhole) = (after, true);
                await foreach (var entry in log.ReadAsync(after, cancellationToken))
                {
                    if (messages.Count == query.Count || entry.Number >= end)
                    {
                        isWhole = false;
                        break;
                    }

                    next = entry.Number;
                    if (await book.ShowAsync(entry, cancellationToken) is { } message)
                    {
                        messages.Add(message);
                    }
                }

                return new(messages, next, isWhole, isCut);
            }
            catch (SharingException e) when (e.Code == ProblemCodes.RangeNotSatisfiable)
            {
                after = (await log.KeptAsync(cancellationToken)).After;
            }
        }
    }

    public async Task<Message?> FindAsync(PersonId actor, MessageId id, CancellationToken cancellationToken = default)
    {
        if (await book.NumberAsync(id, actor, cancellationToken) is not { } number)
        {
            return null;
        }

        try
        {
            await foreach (var entry in book.InboxOf(actor).ReadAsync(number - 1, cancellationToken))
            {
                return await book.ShowAsync(entry, cancellationToken);
            }
        }
        catch (SharingException e) when (e.Code == ProblemCodes.RangeNotSatisfiable)
        {
            // It has had its time.
        }

        return null;
    }

    public async Task<IContentReader?> OpenAsync(PersonId actor, MessageId id, CancellationToken cancellationToken = default) =>
        await book.FindAsync(id, cancellationToken) is { Value: { Held: { } held } message } && (message.From == actor || await book.NumberAsync(id, actor, cancellationToken) is not null)
            ? await contents.OpenAsync(held.Id, cancellationToken) : null;

    public async Task AcknowledgeAsync(PersonId actor, string device, long upTo, CancellationToken cancellationToken = default)
    {
        if (device is not { Length: > 0 and <= MaxDevice } || upTo < 0)
        {
            throw new SharingException(ProblemCodes.InvalidInput, $"A terminal has a name of 1 to {MaxDevice} characters, and has taken messages up to a number from 0 on.");
        }

        var taken = Math.Min(upTo, await book.InboxOf(actor).LastAsync(cancellationToken));
        await records.ChangeAsync(
            async batch =>
            {
                foreach (var key in (RecordKey[])[MessageKeys.Seen(actor, device), MessageKeys.Seen(actor, null)])
                {
                    var seen = await records.GetAsync(key, MessageRecords.Default.SeenRecord, cancellationToken);
                    if (seen is null || seen.Value.UpTo < taken)
                    {
                        batch.Put(key, new(taken), MessageRecords.Default.SeenRecord, seen?.Version ?? RecordBatch.Absent);
                    }
                }

                return true;
            },
            cancellationToken);
    }

    public async IAsyncEnumerable<InboxEvent> WatchAsync(PersonId actor, InboxQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (follower, after) = await FollowAsync(actor, query, cancellationToken);
        using var following = follower;
        for (var at = query with { After = after }; !follower.IsOver;)
        {
            var page = await ReadAsync(actor, at, cancellationToken);
            if (page.IsCut)
            {
                yield return new(page.Messages is [var first, ..] ? first.Number - 1 : page.Next, null);
            }

            foreach (var message in page.Messages)
            {
                yield return new(message.Number, message);
            }

            at = at with { After = page.Next };
            if (page.IsWhole)
            {
                await follower.WaitAfterAsync(page.Next, cancellationToken);
            }
        }
    }

    public async ValueTask<(PushFollower Follower, long After)> FollowAsync(PersonId actor, InboxQuery query, CancellationToken cancellationToken = default)
    {
        var after = query.After ?? await SeenAsync(actor, query.Device, cancellationToken);
        return (await hub.FollowAsync(MessageKeys.Inbox(actor), EncodeAsync, cancellationToken), after);
    }

    async ValueTask<ReadOnlyMemory<byte>> EncodeAsync(LogEntry entry, CancellationToken cancellationToken) =>
        await book.ShowAsync(entry, cancellationToken) is { } message ? JsonSerializer.SerializeToUtf8Bytes(message, MessagingJson.Default.Message) : default(ReadOnlyMemory<byte>);

    /// <summary>The place after which there are so many entries before a number.</summary>
    static async ValueTask<long> StartAsync(EventLog log, long before, int count, CancellationToken cancellationToken)
    {
        var (kept, last) = await log.KeptAsync(cancellationToken);
        return Math.Max(kept, Math.Min(before - 1, last) - count);
    }

    /// <summary>How far a terminal has come; without one, how far is not known.</summary>
    async ValueTask<long> SeenAsync(PersonId actor, string? device, CancellationToken cancellationToken) =>
        device is null ? 0 : (await records.GetAsync(MessageKeys.Seen(actor, device), MessageRecords.Default.SeenRecord, cancellationToken))?.Value.UpTo ?? 0;
}
