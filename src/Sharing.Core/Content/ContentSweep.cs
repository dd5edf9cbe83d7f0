namespace Sharing.Core;

#pragma warning disable CA1001 // the semaphore holds nothing unless its wait handle is asked for
/// <summary>The deleting half of <see cref="ContentReferences"/>. Each step is whole by itself: a sweep that stopped anywhere is gone on with by the next.</summary>
sealed class ContentSweep(IRecordStore records, IContentStore store, TimeProvider time)
{
    readonly SemaphoreSlim _one = new(1);
    readonly ClockWitness _clock = new(time);

    public async Task<SweepOutcome> RunAsync(Action<RecordBatch> guard, SweepOptions options, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var trusted = _clock.Ask();
            var (adopted, contents) = await AdoptAsync(guard, cancellationToken);
            var (deleted, failed, bytes, capped) = await DeleteAsync(guard, options, Limit(trusted, options, contents), cancellationToken);
            var (dropped, more) = await DropPartialsAsync(options, trusted, cancellationToken);
            return new(deleted, failed, bytes, adopted, dropped, capped || more);
        }
        finally
        {
            _one.Release();
        }
    }

    static long Limit(bool trusted, SweepOptions options, int of) =>
        trusted ? long.MaxValue : Math.Max(options.AtLeast, (long)(options.Share * of));

    /// <summary>Condemns contents that no record knows: published, and then the writer died or has not committed yet. The grace begins now.</summary>
    async Task<(int Adopted, int Contents)> AdoptAsync(Action<RecordBatch> guard, CancellationToken cancellationToken)
    {
        var (adopted, contents) = (0, 0);
        await foreach (var info in store.ListAsync(cancellationToken))
        {
            contents++;
            var key = ContentKeys.Content(info.Id);
            if (await records.GetAsync(key, cancellationToken) is null
                && await CommitAsync(key, Condemn(new(key, new(info.Length, 0, ContentState.Condemned, null), RecordBatch.Absent)), guard, cancellationToken))
            {
                Step.Reached("sweep.adopted");
                adopted++;
            }
        }

        return (adopted, contents);
    }

    async Task<(int Deleted, int Failed, long Bytes, bool Capped)> DeleteAsync(
        Action<RecordBatch> guard, SweepOptions options, long limit, CancellationToken cancellationToken)
    {
        var (deleted, failed, begun, bytes, capped) = (0, 0, 0L, 0L, false);
        await foreach (var content in records.ScanAsync(ContentKeys.Contents, ContentRecordsJson.Default.ContentRecord, cancellationToken))
        {
            var version = content.Version;
            if (content.Value.State == ContentState.Condemned)
            {
                var age = time.GetUtcNow() - content.Value.CondemnedAt.GetValueOrDefault();
                if (age < TimeSpan.Zero)
                {
                    // Condemned under a clock that was ahead: without this it would stay until that day comes.
                    await CommitAsync(content.Key, Condemn(content), guard, cancellationToken);
                    continue;
                }

                if (age <= options.Grace)
                {
                    continue;
                }

                if (begun >= limit)
                {
                    capped = true;
                    continue;
                }

                begun++;
                version = await BeginAsync(content, guard, cancellationToken);
            }

            if (content.Value.State == ContentState.Live || version == 0)
            {
                continue;
            }

            if (await EndAsync(content.Key, version, guard, cancellationToken))
            {
                deleted++;
                bytes += content.Value.Length;
                Telemetry.Swept(content.Value.Length);
            }
            else
            {
                failed++;
            }
        }

        return (deleted, failed, bytes, capped);
    }

    RecordBatch Condemn(Versioned<ContentRecord> content) => new RecordBatch { MakesRoom = true }.Put(
        content.Key, content.Value with { CondemnedAt = time.GetUtcNow() }, ContentRecordsJson.Default.ContentRecord, content.Version);

    /// <summary>Condemned → deleting. From here on nothing revives it.</summary>
    /// <returns>The version of the record; 0 when it was revived meanwhile.</returns>
    async Task<long> BeginAsync(Versioned<ContentRecord> content, Action<RecordBatch> guard, CancellationToken cancellationToken)
    {
        var batch = new RecordBatch { MakesRoom = true }.Put(
            content.Key, content.Value with { State = ContentState.Deleting }, ContentRecordsJson.Default.ContentRecord, content.Version);
        guard(batch);
        var outcome = await records.CommitAsync(batch, cancellationToken);
        RequireGuard(outcome, content.Key);
        Step.Reached("sweep.begun");
        return outcome.Version;
    }

    /// <summary>Deletes the bytes, then the record. Neither is given up halfway, and a deletion of bytes that is under way is always awaited.</summary>
    /// <returns>Whether it is gone; otherwise the next sweep tries again.</returns>
    async Task<bool> EndAsync(RecordKey key, long version, Action<RecordBatch> guard, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var id = key.Part(0);
        try
        {
            await store.DeleteAsync(ContentId.Parse(id), CancellationToken.None);
        }
        catch (IOException)
        {
            return false; // it stays "deleting", and the others are not held up by it
        }

        Step.Reached("sweep.bytes-deleted");
        var batch = new RecordBatch()
            .Delete(key, version)
            .Put(ContentKeys.Deletions, new(id), ContentRecordsJson.Default.DeletionsRecord, RecordBatch.Any);
        return await CommitAsync(key, batch, guard, CancellationToken.None);
    }

    async Task<(int Dropped, bool Capped)> DropPartialsAsync(SweepOptions options, bool trusted, CancellationToken cancellationToken)
    {
        if (store is not IPartialListing listing)
        {
            return (0, false);
        }

        List<PartialInfo> stale = [];
        var (partials, dropped) = (0, 0);
        await foreach (var partial in listing.ListPartialsAsync(cancellationToken))
        {
            partials++;
            if (time.GetUtcNow() - partial.Touched > options.PartialAge && !await IsUploadAsync(partial.Key, cancellationToken))
            {
                stale.Add(partial);
            }
        }

        var limit = Limit(trusted, options, partials);
        foreach (var partial in stale.TakeWhile(_ => dropped < limit))
        {
            dropped += await listing.DiscardAsync(partial, cancellationToken) ? 1 : 0;
            Step.Reached("sweep.partial-dropped");
        }

        return (dropped, stale.Count > limit);
    }

    /// <summary>Whether a partial is the bytes of an upload: they go when its record goes, however old they are.</summary>
    async ValueTask<bool> IsUploadAsync(string key, CancellationToken cancellationToken) =>
        UploadKeys.OfPartial(key) is { } upload && await records.GetAsync(upload, cancellationToken) is not null;

    /// <summary>Commits a guarded batch; <c>false</c> when the content's record changed meanwhile.</summary>
    async Task<bool> CommitAsync(RecordKey key, RecordBatch batch, Action<RecordBatch> guard, CancellationToken cancellationToken)
    {
        guard(batch);
        var outcome = await records.CommitAsync(batch, cancellationToken);
        RequireGuard(outcome, key);
        return outcome.Committed;
    }

    static void RequireGuard(CommitOutcome outcome, RecordKey key)
    {
        if (outcome.Conflict is { } conflict && conflict != key)
        {
            throw new SharingException(ProblemCodes.Conflict, $"This host may no longer sweep: '{conflict}' changed.");
        }
    }
}
