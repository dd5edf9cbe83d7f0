using System.Text.Json.Serialization.Metadata;

namespace Sharing.Core;

/// <summary>For authors of <see cref="IPersonalData"/>: what exports and erasures have in common.</summary>
public static class PersonalRecords
{
    const int AtOnce = 100;

    /// <summary>Who stands where an erased person stood: in a thread, in an inbox.</summary>
    public static PersonId Nobody { get; } = PersonId.Parse("(erased)");

    /// <summary>An audience without somebody; one that named nobody else names <see cref="Nobody"/> from then on.</summary>
    public static Audience Without(this Audience audience, PersonId person)
    {
        ArgumentNullException.ThrowIfNull(audience);
        return audience.People?.Contains(person) != true ? audience
            : new(audience.Kind, audience.People.Where(one => one != person) is var left && (left.Any() || audience.Groups is not null) ? [.. left] : [Nobody], audience.Groups);
    }

    /// <summary>Deletes records that nothing else hangs on, whatever they say by now.</summary>
    public static async Task DeleteAllAsync(this IRecordStore records, IAsyncEnumerable<RecordKey> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        await foreach (var some in keys.Chunk(AtOnce).WithCancellation(cancellationToken))
        {
            var batch = new RecordBatch();
            foreach (var key in some)
            {
                batch.Delete(key, RecordBatch.Any);
            }

            await records.CommitAsync(batch, cancellationToken);
        }
    }

    /// <summary>Deletes a whole range of records that nothing else hangs on.</summary>
    public static Task DeleteAllAsync(this IRecordStore records, RecordRange range, CancellationToken cancellationToken = default) =>
        records.DeleteAllAsync(records.ScanAsync(range, cancellationToken).Select(static record => record.Key), cancellationToken);

    /// <summary>Changes every record of a range that names somebody.</summary>
    /// <param name="records">The records.</param>
    /// <param name="range">Which.</param>
    /// <param name="type">How they are read and written.</param>
    /// <param name="without">The value without him; the very same where he is not named.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task ChangeAllAsync<T>(this IRecordStore records, RecordRange range, JsonTypeInfo<T> type, Func<T, T> without, CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(without);
        await foreach (var record in records.ScanAsync(range, type, cancellationToken))
        {
            if (!ReferenceEquals(without(record.Value), record.Value))
            {
                await records.ChangeAsync(
                    async batch =>
                    {
                        if (await records.GetAsync(record.Key, type, cancellationToken) is not { } now)
                        {
                            return false;
                        }

                        batch.Put(now.Key, without(now.Value), type, now.Version);
                        return true;
                    },
                    cancellationToken);
            }
        }
    }
}
