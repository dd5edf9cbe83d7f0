using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
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
            ?? await TornAsync(services, cancellationToken)
            ?? await OrphansAsync(services, folder, time, cancellationToken)
            ?? await LostAsync(services, journal, cancellationToken), start);
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

    /// <summary>One sweep finds what nobody refers to, and one sweep after the grace has deleted it, together with old partials.</summary>
    static async Task<string?> OrphansAsync(IServiceProvider services, string folder, FakeTimeProvider time, CancellationToken cancellationToken)
    {
        var (records, sweep) = (services.GetRequiredService<IRecordStore>(), services.GetRequiredService<SweepService>());
        time.Advance(TimeSpan.FromMinutes(2)); // the lease of the one who died has run out
        await sweep.SweepOnceAsync(cancellationToken);
        time.Advance(TimeSpan.FromDays(8));
        if (!await sweep.SweepOnceAsync(cancellationToken))
        {
            return "Nobody may sweep, although the one who did is dead.";
        }

        await foreach (var info in services.GetRequiredService<IContentStore>().ListAsync(cancellationToken))
        {
            if (!await records.ScanAsync(RecordRange.Under("reference", info.Id.ToString()), cancellationToken).AnyAsync(cancellationToken))
            {
                var record = await records.GetAsync(RecordKey.Of("content", info.Id.ToString()), cancellationToken);
                return $"The content {info.Id} is left behind; its record: {(record is null ? "none" : System.Text.Encoding.UTF8.GetString(record.Json.Span))}.";
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
