using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Sharing.Core;

/// <summary>Events in the order they happened, numbered from 1 without gaps, read by cursor.</summary>
/// <remarks>Thread-safe. An event is appended in the commit that makes it happen. Records: <c>log/{name}/{number}</c> and
/// <c>log-head/{name}</c>, which every append writes: the appends of one log happen one after the other.</remarks>
/// <param name="records">Where the log is kept.</param>
/// <param name="name">The log's name, any text.</param>
public sealed class EventLog(IRecordStore records, string name)
{
    /// <summary>The kind of record to watch (<see cref="IRecordWatch"/>) for new entries.</summary>
    public const string Kind = "log";

    /// <summary>The kind of the records that every append writes, one for each log (<see cref="HeadKeyOf"/>).</summary>
    public const string HeadKind = "log-head";

    const int TrimmedAtOnce = 100;

    /// <summary>Adds an entry to a batch. Once for each batch and log.</summary>
    /// <param name="batch">The caller's commit. It conflicts when others append before it is committed: then begin again, with a new batch.</param>
    /// <param name="payload">What happened.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The number that the entry has once the batch is committed.</returns>
    public async ValueTask<long> AppendAsync(RecordBatch batch, JsonElement payload, CancellationToken cancellationToken = default)
    {
        var head = await records.GetAsync(HeadKey, RecordsJson.Default.LogHead, cancellationToken);
        var next = (head?.Value ?? new(0, 0)) with { Last = (head?.Value.Last ?? 0) + 1 };
        batch.Put(HeadKey, next, RecordsJson.Default.LogHead, head?.Version ?? RecordBatch.Absent);
        batch.Put(EntryKey(next.Last), payload, RecordsJson.Default.JsonElement, RecordBatch.Absent);
        return next.Last;
    }

    /// <summary>The number of the last entry; 0 when nothing was appended yet.</summary>
    public async ValueTask<long> LastAsync(CancellationToken cancellationToken = default) => (await HeadAsync(cancellationToken)).Last;

    /// <summary>What is kept: the entries after the first number, up to the second.</summary>
    public async ValueTask<(long After, long Last)> KeptAsync(CancellationToken cancellationToken = default) =>
        await HeadAsync(cancellationToken) is var head ? (head.Trimmed, head.Last) : default;

    /// <summary>Reads the entries after a number, up to the one that was the last when reading began, without gaps.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.RangeNotSatisfiable"/>: entries after that number were trimmed away, before
    /// or while they were read, or the log never came that far (it was set up anew). The reader must look at the things themselves
    /// and go on from <see cref="LastAsync"/>, read before that look.</exception>
    public async IAsyncEnumerable<LogEntry> ReadAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        var head = await HeadAsync(cancellationToken);
        if (after < head.Trimmed || after > head.Last)
        {
            throw Elsewhere(after, head);
        }

        var expected = after + 1;
        if (expected > head.Last)
        {
            yield break;
        }

        var range = RecordRange.Under(Kind, name).After(EntryKey(after)).Before(EntryKey(head.Last + 1));
        await foreach (var entry in records.ScanAsync(range, RecordsJson.Default.JsonElement, cancellationToken))
        {
            if (entry.Key != EntryKey(expected))
            {
                throw Elsewhere(after, await HeadAsync(cancellationToken)); // trimmed while we read
            }

            yield return new(expected++, entry.Value);
        }

        if (expected <= head.Last)
        {
            throw Elsewhere(after, await HeadAsync(cancellationToken));
        }
    }

    /// <summary>Forgets the entries up to a number, that one included. Numbers go on as before.</summary>
    public async Task TrimAsync(long upTo, CancellationToken cancellationToken = default)
    {
        // First it is told, then done: what a crash leaves over is never read, and goes with the next trim.
        await records.ChangeAsync(async batch =>
        {
            var head = await records.GetAsync(HeadKey, RecordsJson.Default.LogHead, cancellationToken);
            upTo = Math.Min(upTo, head?.Value.Last ?? 0);
            if (head is null || upTo <= head.Value.Trimmed)
            {
                return false;
            }

            batch.Put(HeadKey, head.Value with { Trimmed = upTo }, RecordsJson.Default.LogHead, head.Version);
            return true;
        }, cancellationToken);

        var trimmed = (await HeadAsync(cancellationToken)).Trimmed;
        var batch = new RecordBatch();
        await foreach (var entry in records.ScanAsync(RecordRange.Under(Kind, name).Before(EntryKey(trimmed + 1)), cancellationToken))
        {
            batch.Delete(entry.Key, RecordBatch.Any);
            if (batch.Changes.Count == TrimmedAtOnce)
            {
                await records.CommitAsync(batch, cancellationToken);
                batch = new();
            }
        }

        if (batch.Changes.Count > 0)
        {
            await records.CommitAsync(batch, cancellationToken);
        }
    }

    /// <summary>Forgets the log with its numbers, as if there had never been one.</summary>
    public async Task DeleteAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            await TrimAsync(long.MaxValue, cancellationToken);
            if (await records.GetAsync(HeadKey, RecordsJson.Default.LogHead, cancellationToken) is not { } head)
            {
                return;
            }

            // Unless something was appended since.
            if (head.Value.Trimmed == head.Value.Last && (await records.CommitAsync(new RecordBatch().Delete(HeadKey, head.Version), cancellationToken)).Committed)
            {
                return;
            }
        }
    }

    RecordKey HeadKey => HeadKeyOf(name);

    /// <summary>The record whose version changes with every append to a log.</summary>
    public static RecordKey HeadKeyOf(string name) => RecordKey.Of(HeadKind, name);

    RecordKey EntryKey(long number) => RecordKey.Of(Kind, name, RecordKey.Number(number));

    async ValueTask<LogHead> HeadAsync(CancellationToken cancellationToken) =>
        (await records.GetAsync(HeadKey, RecordsJson.Default.LogHead, cancellationToken))?.Value ?? new(0, 0);

    SharingException Elsewhere(long after, LogHead head) => new(ProblemCodes.RangeNotSatisfiable,
        $"The log '{name}' keeps the entries after {head.Trimmed} up to {head.Last}; what came after {after} cannot be told without a gap.");
}
