namespace Sharing.S3;

/// <summary>The record of a partial content as whoever has it open knows it. Every commit expects the version that the last one gave it: so nobody writes into what another host goes on with.</summary>
sealed class PartialLedger(S3ContentStore store, string key, PartialRecord record, long version)
{
    long _version = version;

    /// <summary>As it was committed last.</summary>
    public PartialRecord Record { get; private set; } = record;

    public bool IsLost { get; private set; }

    public void RequireOurs()
    {
        if (IsLost)
        {
            throw new IOException($"The partial content '{key}' was opened on another host, or it is not known what became of it. Close it, and open it again.");
        }
    }

    /// <summary>Commits another state of it. Where somebody else has it, what was made for that state is deleted.</summary>
    /// <param name="next">The state.</param>
    /// <param name="made">Objects that only that state names.</param>
    public async Task CommitAsync(PartialRecord next, params IReadOnlyList<string> made)
    {
        var before = Record.Map;
        next = next with { Touched = store.Time.GetUtcNow() };
        if (!ReferenceEquals(next.Data, Record.Data) || !ReferenceEquals(next.Pieces, Record.Pieces))
        {
            next = next with { Map = null };
            if (S3Records.Format(next).Length > S3Records.MostInRecord)
            {
                next = next with { Map = await store.PutMapAsync(next) };
                made = [.. made, ObjectNames.Piece(next.Map)];
            }
        }

        await TryCommitAsync(new RecordBatch().Put(S3Records.Partial(key), next.Stub, _version), made);
        Record = next;
        await store.TryDeleteAsync(before is null || before == next.Map ? [] : [ObjectNames.Piece(before)]);
    }

    /// <summary>Commits that it is no more, and deletes what it leaves; the record of that stays until it is done.</summary>
    /// <param name="batch">What happens by the same commit.</param>
    /// <param name="leaves">What is to be deleted.</param>
    /// <param name="made">Objects that only the batch names.</param>
    /// <returns><c>false</c>: the batch met another's change.</returns>
    public async Task<bool> EndAsync(RecordBatch batch, PartialRecord leaves, params IReadOnlyList<string> made)
    {
        var (name, empty) = (ObjectNames.New(), !leaves.Keys().Any());
        batch.Delete(S3Records.Partial(key), _version);
        if (!empty)
        {
            batch.Put(S3Records.Gone(name), leaves.Stub with { Touched = store.Time.GetUtcNow() }, RecordBatch.Absent);
        }

        if (!await TryCommitAsync(batch, made))
        {
            return false;
        }

        if (!empty)
        {
            await store.TryEndAsync(name, leaves);
        }

        return true;
    }

    async Task<bool> TryCommitAsync(RecordBatch batch, IReadOnlyList<string> made)
    {
        CommitOutcome outcome;
        try
        {
            outcome = await store.Records.CommitAsync(batch, CancellationToken.None);
        }
        catch
        {
            IsLost = true; // whether it happened is not known, and with it not, which version the record has
            throw;
        }

        if (outcome.Conflict == S3Records.Partial(key))
        {
            IsLost = true;
            await store.TryDeleteAsync(made);
            RequireOurs();
        }

        _version = outcome.Committed ? outcome.Version : _version;
        return outcome.Committed;
    }
}
