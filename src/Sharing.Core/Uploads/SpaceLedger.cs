using Microsoft.Extensions.Options;

namespace Sharing.Core;

/// <summary>How much room each person's bytes take: what is used, and what is reserved for uploads that are not complete. Thread-safe singleton.</summary>
/// <remarks>It changes in the commits of those who take and give room, so that nothing is counted twice or lost, whatever crashes. One call for each
/// person and batch. Record: <c>space/{person}</c>, not there when nothing is used.</remarks>
public sealed class SpaceLedger(IRecordStore records, IOptions<UploadOptions> options, Limits? limits = null)
{
    /// <summary>How many bytes a person uses.</summary>
    public async ValueTask<long> UsedAsync(PersonId person, CancellationToken cancellationToken = default) =>
        await ReadAsync(person, cancellationToken) is { } space ? space.Value.Bytes : 0;

    /// <summary>How many bytes a person would have too little room for.</summary>
    public async ValueTask<long> MissingAsync(PersonId person, long bytes, CancellationToken cancellationToken = default) =>
        Math.Max(0, Missing(await UsedAsync(person, cancellationToken), bytes, await MostAsync(person, cancellationToken)));

    /// <summary>Adds to a batch what takes room for a person.</summary>
    /// <param name="batch">The caller's batch. Its commit ends in a conflict when the person's room changed meanwhile: call again with a new batch.</param>
    /// <param name="person">Whose room.</param>
    /// <param name="bytes">How much, not negative.</param>
    /// <param name="makeRoom">Where bytes are missing: adds to the batch what frees room, and says how much that is; <c>null</c>: nothing does.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><c>false</c>, and no room taken, where it would be more than <see cref="PersonLimits.BytesPerPerson"/>, or <see cref="UploadOptions.SpacePerPerson"/>.</returns>
    public async ValueTask<bool> ReserveAsync(
        RecordBatch batch, PersonId person, long bytes, Func<long, ValueTask<long>>? makeRoom = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        var space = await ReadAsync(person, cancellationToken);
        var used = space?.Value.Bytes ?? 0;
        var missing = Missing(used, bytes, await MostAsync(person, cancellationToken));
        var freed = missing > 0 && makeRoom is not null ? await makeRoom(missing) : 0;
        if (missing > freed)
        {
            return false;
        }

        Write(batch, person, space, Math.Max(0, used - freed) + bytes);
        return true;
    }

    /// <summary>Adds to a batch what gives room back.</summary>
    /// <param name="batch">The caller's batch. Its commit ends in a conflict when the person's room changed meanwhile: call again with a new batch.</param>
    /// <param name="person">Whose room.</param>
    /// <param name="bytes">How much, not negative. More than is used gives back what is used.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask ReleaseAsync(RecordBatch batch, PersonId person, long bytes, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        var space = await ReadAsync(person, cancellationToken);
        Write(batch, person, space, Math.Max(0, (space?.Value.Bytes ?? 0) - bytes));
    }

    static long Missing(long used, long bytes, long most) => bytes - (most - used);

    async ValueTask<long> MostAsync(PersonId person, CancellationToken cancellationToken) =>
        (limits is null ? null : await limits.BytesAsync(person, cancellationToken)) ?? options.Value.SpacePerPerson ?? long.MaxValue;

    static void Write(RecordBatch batch, PersonId person, Versioned<SpaceRecord>? space, long bytes)
    {
        var (key, version) = (UploadKeys.Space(person), space?.Version ?? RecordBatch.Absent);
        _ = bytes > 0 ? batch.Put(key, new(bytes), UploadsJson.Default.SpaceRecord, version)
            : space is null ? batch.Check(key, version)
            : batch.Delete(key, version);
    }

    ValueTask<Versioned<SpaceRecord>?> ReadAsync(PersonId person, CancellationToken cancellationToken) =>
        records.GetAsync(UploadKeys.Space(person), UploadsJson.Default.SpaceRecord, cancellationToken);
}
