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
}
