using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sharing.Core;

/// <summary>Records as typed values.</summary>
public static class RecordExtensions
{
    /// <summary>Reads a record as a value, or <c>null</c>.</summary>
    public static async ValueTask<Versioned<T>?> GetAsync<T>(
        this IRecordStore records, RecordKey key, JsonTypeInfo<T> type, CancellationToken cancellationToken = default) =>
        await records.GetAsync(key, cancellationToken) is { } record ? Read(record, type) : null;

    /// <summary>Reads the values of a range in the order of their keys.</summary>
    public static async IAsyncEnumerable<Versioned<T>> ScanAsync<T>(
        this IRecordStore records, RecordRange range, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var record in records.ScanAsync(range, cancellationToken))
        {
            yield return Read(record, type);
        }
    }

    /// <summary>Reads the first records of many ranges: at once where the store can (<see cref="IRecordHeads"/>), else one range after the other.</summary>
    public static async ValueTask<IReadOnlyList<IReadOnlyList<Record>>> HeadsAsync(
        this IRecordStore records, IReadOnlyList<RecordRange> ranges, int most, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        if (records is IRecordHeads heads)
        {
            return ranges.Count == 0 ? [] : await heads.HeadsAsync(ranges, most, cancellationToken);
        }

        var all = new List<IReadOnlyList<Record>>(ranges.Count);
        foreach (var range in ranges)
        {
            all.Add(await records.ScanAsync(range, cancellationToken).Take(most).ToListAsync(cancellationToken));
        }

        return all;
    }

    /// <summary>Reads many records as values, in the order of the keys; <c>null</c> for each that is not there.</summary>
    public static async ValueTask<IReadOnlyList<Versioned<T>?>> GetAllAsync<T>(
        this IRecordStore records, IReadOnlyCollection<RecordKey> keys, JsonTypeInfo<T> type, CancellationToken cancellationToken = default) =>
        [.. (await records.HeadsAsync([.. keys.Select(RecordRange.One)], 1, cancellationToken)).Select(found => found is [var record] ? Read(record, type) : null)];

    /// <summary>Writes a value as a record.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.TooLarge"/>: it is more than a record can hold.</exception>
    public static RecordBatch Put<T>(this RecordBatch batch, RecordKey key, T value, JsonTypeInfo<T> type, long expected)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, type);
        return json.Length <= Record.MaxJsonLength
            ? batch.Put(key, json, expected)
            : throw new SharingException(ProblemCodes.TooLarge, "That is more than can be kept of one thing.");
    }

    /// <summary>Reads, changes and commits until nobody else came between.</summary>
    /// <param name="records">The store.</param>
    /// <param name="change">Reads what it needs and fills the batch; <c>false</c> gives up without a commit. Called again after a conflict.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether a batch was committed.</returns>
    /// <exception cref="SharingException"><see cref="ProblemCodes.Conflict"/>: others came between 100 times.</exception>
    public static async Task<bool> ChangeAsync(
        this IRecordStore records, Func<RecordBatch, ValueTask<bool>> change, CancellationToken cancellationToken = default)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var batch = new RecordBatch();
            if (!await change(batch))
            {
                return false;
            }

            if (batch.Changes.Count == 0 || (await records.CommitAsync(batch, cancellationToken)).Committed)
            {
                return true;
            }

            if (attempt > 2)
            {
                // Those who come between step aside for a moment, each for another one: at once, the same few could win for ever.
                var most = 1 << Math.Min(6, attempt - 2);
                await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(most + 1)), TimeProvider.System, cancellationToken);
            }
        }

        throw new SharingException(ProblemCodes.Conflict, "The same record was changed by others again and again.");
    }

    /// <summary>Waits for a change of a kind, but no longer than so: hints of other hosts may be lost.</summary>
    /// <returns>The count now; <paramref name="seen"/> where it was waited for long enough.</returns>
    public static async ValueTask<long> WaitAsync(this IRecordWatch watch, string kind, long seen, TimeSpan most, TimeProvider time, CancellationToken cancellationToken = default)
    {
        using var timer = new CancellationTokenSource(most, time);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return await watch.WaitAsync(kind, seen, giveUp.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return seen;
        }
    }

    static Versioned<T> Read<T>(Record record, JsonTypeInfo<T> type) => new(
        record.Key,
        JsonSerializer.Deserialize(record.Json.Span, type) ?? throw new JsonException($"The record '{record.Key}' is null."),
        record.Version);
}
