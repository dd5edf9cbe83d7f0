namespace Sharing.Core;

#pragma warning disable CA1001 // the semaphore holds nothing unless its wait handle is asked for
/// <summary>The deleting half of <see cref="ContentReferences"/>. Each step is whole by itself: a sweep that stopped anywhere is gone on with by the next.</summary>
sealed class ContentSweep(IRecordStore records, IContentStore store, TimeProvider time)
{
    static readonly byte[] s_mark = "1"u8.ToArray();

    readonly SemaphoreSlim _one = new(1);
    readonly ClockWitness _clock = new(time);
    long? _whole;

    public async Task<SweepOutcome> RunAsync(Action<RecordBatch> guard, SweepOptions options, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var trusted = _clock.Ask();
            var (adopted, contents) = IsWholeDue(options) || !trusted ? await LookAtAllAsync(guard, cancellationToken) : (0, 0);
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

    /// <summary>Adds to a batch what condemns a content at a time, and marks it.</summary>
    public static RecordBatch Condemn(RecordBatch batch, Versioned<ContentRecord> content, DateTimeOffset at)
    {
        if (content.Value.CondemnedAt is { } before && before != at)
        {
            batch.Delete(MarkOf(content), RecordBatch.Any);
        }

        return batch.Put(content.Key, content.Value with { References = 0, State = ContentState.Condemned, CondemnedAt = at }, ContentRecordsJson.Default.ContentRecord, content.Version)
            .Put(ContentKeys.Condemned(at, content.Key.Part(0)), s_mark, RecordBatch.Any);
    }

    bool IsWholeDue(SweepOptions options) => _whole is not { } last || time.GetElapsedTime(last) >= options.WholeInterval;

    /// <summary>Condemns contents that no record knows: published, and then the writer died or has not committed yet. The grace begins now. And marks what lacks a mark: it was condemned by a
    /// version that knew none.</summary>
    async Task<(int Adopted, int Contents)> LookAtAllAsync(Action<RecordBatch> guard, CancellationToken cancellationToken)
    {
        var (began, adopted, contents) = (time.GetTimestamp(), 0, 0);
        await foreach (var info in store.ListAsync(cancellationToken))
        {
            contents++;
            var key = ContentKeys.Content(info.Id);
            if (await records.GetAsync(key, cancellationToken) is null
                && await CommitAsync(Condemn(NewBatch(), new(key, new(info.Length, 0, ContentState.Condemned, null), RecordBatch.Absent), time.GetUtcNow()), guard, cancellationToken))
            {
                Step.Reached("sweep.adopted");
                adopted++;
            }
        }

        await foreach (var content in records.ScanAsync(ContentKeys.Contents, ContentRecordsJson.Default.ContentRecord, cancellationToken))
        {
            if (content.Value.State != ContentState.Live && await records.GetAsync(MarkOf(content), cancellationToken) is null)
            {
                await CommitAsync(NewBatch().Check(content.Key, content.Version).Put(MarkOf(content), s_mark, RecordBatch.Any), guard, cancellationToken);
            }
        }

        _whole = began;
        return (adopted, contents);
    }

    async Task<(int Deleted, int Failed, long Bytes, bool Capped)> DeleteAsync(
        Action<RecordBatch> guard, SweepOptions options, long limit, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await foreach (var ahead in records.ScanAsync(ContentKeys.CondemnedAfter(now), cancellationToken))
        {
            // Condemned under a clock that was ahead: without this it would stay until that day comes.
            if (await FindAsync(ahead.Key, guard, cancellationToken) is { Value.State: ContentState.Condemned } content)
            {
                await CommitAsync(Condemn(NewBatch(), content, now), guard, cancellationToken);
            }
        }

        var (deleted, failed, begun, bytes, capped) = (0, 0, 0L, 0L, false);
        var until = now - DateTimeOffset.MinValue > options.Grace ? now - options.Grace : DateTimeOffset.MinValue;
        await foreach (var mark in records.ScanAsync(ContentKeys.CondemnedBefore(until), cancellationToken))
        {
            if (await FindAsync(mark.Key, guard, cancellationToken) is not { } content)
            {
                continue;
            }

            var version = content.Version;
            if (content.Value.State == ContentState.Condemned)
            {
                if (begun >= limit)
                {
                    capped = true;
                    continue;
                }

                begun++;
                version = await BeginAsync(content, guard, cancellationToken);
            }

            if (version == 0)
            {
                continue;
            }

            if (await EndAsync(content, version, guard, cancellationToken))
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

    /// <summary>The content that a mark is about; <c>null</c>, and the mark goes: a version that knew none has revived it, or ended its deletion.</summary>
    async ValueTask<Versioned<ContentRecord>?> FindAsync(RecordKey mark, Action<RecordBatch> guard, CancellationToken cancellationToken)
    {
        var key = ContentKeys.Content(ContentId.Parse(mark.Part(1)));
        var content = await records.GetAsync(key, ContentRecordsJson.Default.ContentRecord, cancellationToken);
        if (content is { Value.State: not ContentState.Live } && MarkOf(content) == mark)
        {
            return content;
        }

        await CommitAsync(NewBatch().Check(key, content?.Version ?? RecordBatch.Absent).Delete(mark, RecordBatch.Any), guard, cancellationToken);
        return null;
    }

    static RecordKey MarkOf(Versioned<ContentRecord> content) => ContentKeys.Condemned(content.Value.CondemnedAt.GetValueOrDefault(), content.Key.Part(0));

    static RecordBatch NewBatch() => new() { MakesRoom = true };

    /// <summary>Condemned → deleting. From here on nothing revives it.</summary>
    /// <returns>The version of the record; 0 when it was revived meanwhile.</returns>
    async Task<long> BeginAsync(Versioned<ContentRecord> content, Action<RecordBatch> guard, CancellationToken cancellationToken)
    {
        var batch = NewBatch().Put(
            content.Key, content.Value with { State = ContentState.Deleting }, ContentRecordsJson.Default.ContentRecord, content.Version);
        var begun = await TryCommitAsync(batch, guard, cancellationToken);
        Step.Reached("sweep.begun");
        return begun;
    }

    /// <summary>Deletes the bytes, then the record; where the store can, both by one commit. Neither is given up halfway, and a deletion of bytes that is under way is always awaited.</summary>
    /// <returns>Whether it is gone; otherwise the next sweep tries again.</returns>
    async Task<bool> EndAsync(Versioned<ContentRecord> content, long version, Action<RecordBatch> guard, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var id = content.Key.Part(0);
        var batch = new RecordBatch()
            .Delete(content.Key, version)
            .Delete(MarkOf(content), RecordBatch.Any)
            .Put(ContentKeys.Deletions, new(id), ContentRecordsJson.Default.DeletionsRecord, RecordBatch.Any);
        Func<ValueTask> after;
        try
        {
            after = await DeleteBytesAsync(batch, ContentId.Parse(id));
        }
        catch (IOException)
        {
            return false; // it stays "deleting", and the others are not held up by it
        }

        Step.Reached("sweep.bytes-deleted");
        if (!await CommitAsync(batch, guard, CancellationToken.None))
        {
            return false;
        }

        await after();
        return true;
    }

    async ValueTask<Func<ValueTask>> DeleteBytesAsync(RecordBatch batch, ContentId id)
    {
        if (store is IFencedDeletion fenced)
        {
            return await fenced.DeleteAsync(batch, id, CancellationToken.None);
        }

        await store.DeleteAsync(id, CancellationToken.None);
        return static () => default;
    }

    async Task<(int Dropped, bool Capped)> DropPartialsAsync(SweepOptions options, bool trusted, CancellationToken cancellationToken)
    {
        if (store is not IPartialListing listing)
        {
            return (0, false);
        }

        List<PartialInfo> stale = [];
        var (partials, dropped, left) = (0, 0, false);
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
            try
            {
                dropped += await listing.DiscardAsync(partial, cancellationToken) ? 1 : 0;
                Step.Reached("sweep.partial-dropped");
            }
            catch (IOException)
            {
                left = true; // the others are not held up by it
            }
        }

        return (dropped, left || stale.Count > limit);
    }

    /// <summary>Whether a partial is the bytes of an upload: they go when its record goes, however old they are.</summary>
    async ValueTask<bool> IsUploadAsync(string key, CancellationToken cancellationToken) =>
        UploadKeys.OfPartial(key) is { } upload && await records.GetAsync(upload, cancellationToken) is not null;

    /// <summary>Commits a guarded batch; <c>false</c> when what it is about changed meanwhile.</summary>
    async Task<bool> CommitAsync(RecordBatch batch, Action<RecordBatch> guard, CancellationToken cancellationToken) =>
        await TryCommitAsync(batch, guard, cancellationToken) != 0;

    /// <returns>The version; 0 when what it is about changed meanwhile.</returns>
    async Task<long> TryCommitAsync(RecordBatch batch, Action<RecordBatch> guard, CancellationToken cancellationToken)
    {
        var own = batch.Changes.Select(static change => change.Key).ToHashSet();
        guard(batch);
        var outcome = await records.CommitAsync(batch, cancellationToken);
        return outcome.Conflict is { } conflict && !own.Contains(conflict)
            ? throw new SharingException(ProblemCodes.Conflict, $"This host may no longer sweep: '{conflict}' changed.")
            : outcome.Version;
    }
}
