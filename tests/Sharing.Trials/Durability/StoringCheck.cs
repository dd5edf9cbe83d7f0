using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Messaging;
using Sharing.Offline;
using Sharing.Testing;
using Sharing.Tests.Child;
using Sharing.Trials.Scripted;

namespace Sharing.Trials.Durability;

/// <summary>Opens the data that a process left behind, and holds it against the journal.</summary>
static class StoringCheck
{
    static readonly TimeSpan s_startBar = TimeSpan.FromSeconds(5);

    /// <param name="folder">The data.</param>
    /// <param name="journal">What was acknowledged.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What is wrong, or <c>null</c>; and how long the start took.</returns>
    public static async Task<(string? Failure, TimeSpan Start)> RunAsync(string folder, StoringJournal journal, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var services = Storing.Open(folder, time);
        _ = services.GetRequiredService<OfflineLibrary>();
        await services.GetRequiredService<IRecordStore>().GetAsync(RecordKey.Of("any"), cancellationToken);
        var start = Stopwatch.GetElapsedTime(started);
        if (start > 10 * s_startBar)
        {
            return ($"The next start took {start}.", start);
        }

        return (await LostAsync(services, journal, cancellationToken)
            ?? await PartialsAsync(services, journal, cancellationToken)
            ?? await UploadsAsync(services, journal, cancellationToken)
            ?? await TornAsync(services, cancellationToken)
            ?? await OrphansAsync(services, folder, time, cancellationToken)
            ?? await LostAsync(services, journal, cancellationToken)
            ?? await MessagesAsync(services, journal, cancellationToken), start);
    }

    static async Task<string?> LostAsync(IServiceProvider services, StoringJournal journal, CancellationToken cancellationToken)
    {
        var (store, records) = (services.GetRequiredService<IContentStore>(), services.GetRequiredService<IRecordStore>());
        foreach (var (owner, (round, kind, id)) in journal.Put)
        {
            var expected = Storing.Bytes(round, kind);
            if (Samples.IdOf(expected) != id || await store.FindAsync(id, cancellationToken) is not { } info)
            {
                return $"The content {id} of {owner} is lost.";
            }

            if (!(await Samples.ReadAsync(store, info)).AsSpan().SequenceEqual(expected))
            {
                return $"The content {id} of {owner} has other bytes.";
            }

            if (await records.GetAsync(RecordKey.Of("reference", id.ToString(), owner), cancellationToken) is null)
            {
                return $"The reference of {owner} is lost.";
            }
        }

        foreach (var round in journal.Kept)
        {
            if (!await records.ScanAsync(RecordRange.Under("offline-hold"), cancellationToken).AnyAsync(
                record => System.Text.Encoding.UTF8.GetString(record.Json.Span).Contains($"/{round}\"", StringComparison.Ordinal), cancellationToken))
            {
                return $"The library has lost the resource {round}.";
            }
        }

        return null;
    }

    static async Task<string?> PartialsAsync(IServiceProvider services, StoringJournal journal, CancellationToken cancellationToken)
    {
        foreach (var (round, count) in journal.Flushed)
        {
            await using var partial = await services.GetRequiredService<IContentStore>().OpenPartialAsync(Storing.PartialKey(round), cancellationToken);
            var bytes = new byte[count];
            if (await partial.ReadUpToAsync(ContentArea.Data, 0, bytes, cancellationToken) < count || !bytes.AsSpan().SequenceEqual(Storing.Bytes(round, 3).AsSpan(0, count)))
            {
                return $"The flushed bytes of the partial {round} are lost.";
            }
        }

        return null;
    }

    /// <summary>Uploads stand where they were said to stand, or further; their bytes are the right ones once they are complete, and each is kept once.</summary>
    static async Task<string?> UploadsAsync(IServiceProvider services, StoringJournal journal, CancellationToken cancellationToken)
    {
        var (uploads, records) = (services.GetRequiredService<Uploads>(), services.GetRequiredService<IRecordStore>());
        foreach (var (round, (text, offset)) in journal.Uploads)
        {
            var (id, bytes) = (UploadId.Parse(text), Storing.Bytes(round, 4));
            if (await uploads.FindAsync(Storing.Anna, "things", id, cancellationToken) is not { } upload || upload.Offset < offset)
            {
                return $"The upload {id} has lost what came after less than {offset} bytes.";
            }

            if (!upload.IsComplete)
            {
                var rest = new MemoryStream(bytes, (int)upload.Offset, bytes.Length - (int)upload.Offset);
                upload = (await uploads.AppendAsync(Storing.Anna, "things", id, new(upload.Offset, rest), cancellationToken))!;
            }

            if (upload.Result != Samples.IdOf(bytes).ToString())
            {
                return $"The upload {id} ended as {upload.Result}.";
            }
        }

        foreach (var (round, (id, content)) in journal.Uploaded)
        {
            if (content != Samples.IdOf(Storing.Bytes(round, 4)) || await records.GetAsync(RecordKey.Of("kept", id), cancellationToken) is null
                || await records.GetAsync(RecordKey.Of("reference", content.ToString(), "kept/" + id), cancellationToken) is null)
            {
                return $"The complete upload {id} is lost.";
            }
        }

        return null;
    }

    /// <summary>What was sent is in every inbox, once; in that of the first receivers, who get it in the commit that sends it, in the order in which it was sent.</summary>
    static async Task<string?> MessagesAsync(IServiceProvider services, StoringJournal journal, CancellationToken cancellationToken)
    {
        while (await services.GetRequiredService<MessageBook>().RunOnceAsync(cancellationToken))
        {
        }

        var sent = journal.Messages.OrderBy(static one => one.Key).Select(static one => one.Value).ToList();
        foreach (var (i, receiver) in Storing.Receivers.Index())
        {
            List<string> there = [];
            for (var at = 0L; ;)
            {
                var page = await services.GetRequiredService<IInbox>().ReadAsync(receiver, new() { After = at, Count = InboxQuery.Most }, cancellationToken);
                there.AddRange(page.Messages.Select(static message => message.Id.Value));
                if (page.IsWhole)
                {
                    break;
                }

                at = page.Next;
            }

            var ours = there.Where(sent.Contains).ToList();
            if (there.Distinct(StringComparer.Ordinal).Count() != there.Count || ours.Count != sent.Count || (i < MessageBook.AtOnce && !ours.SequenceEqual(sent)))
            {
                return $"{receiver} has {there.Count} messages, not the {sent.Count} that were sent, each once and in order.";
            }
        }

        return null;
    }

    /// <summary>Whatever is visible is whole, whether it was acknowledged or not.</summary>
    static async Task<string?> TornAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var store = services.GetRequiredService<IContentStore>();
        await foreach (var info in store.ListAsync(cancellationToken))
        {
            if (Samples.IdOf(await Samples.ReadAsync(store, info)) != info.Id)
            {
                return $"The content {info.Id} is torn.";
            }
        }

        return null;
    }

    /// <summary>One sweep finds what nobody refers to; one sweep after the grace has deleted it, together with old partials.</summary>
    static async Task<string?> OrphansAsync(IServiceProvider services, string folder, FakeTimeProvider time, CancellationToken cancellationToken)
    {
        var (records, sweep) = (services.GetRequiredService<IRecordStore>(), services.GetRequiredService<SweepService>());
        foreach (var later in new[] { TimeSpan.FromMinutes(2), TimeSpan.FromDays(8) }) // the lease of whoever was killed runs out
        {
            time.Advance(later);
            if (!await sweep.SweepOnceAsync(cancellationToken))
            {
                return "Nobody may sweep, although the one who did is dead.";
            }
        }

        await foreach (var info in services.GetRequiredService<IContentStore>().ListAsync(cancellationToken))
        {
            if (!await records.ScanAsync(RecordRange.Under("reference", info.Id.ToString()), cancellationToken).AnyAsync(cancellationToken))
            {
                var record = await records.GetAsync(RecordKey.Of("content", info.Id.ToString()), cancellationToken);
                return $"The content {info.Id} of {info.Length} bytes is left behind: {(record is null ? "no record" : System.Text.Encoding.UTF8.GetString(record.Json.Span))}.";
            }
        }

        await foreach (var content in records.ScanAsync(RecordRange.Under("content"), cancellationToken))
        {
            var live = System.Text.Encoding.UTF8.GetString(content.Json.Span).Contains("\"live\"", StringComparison.Ordinal);
            if (!live)
            {
                return $"The record {content.Key} is left behind.";
            }
        }

        var left = Directory.GetFiles(Path.Combine(folder, "content", "partial"));
        return left.Length > 0 ? $"The partial {Path.GetFileName(left[0])} is left behind." : null;
    }
}
