namespace Sharing.Core;

/// <summary>How uploads end: complete, given up, or expired. Every call is made by whoever has the turn.</summary>
sealed class UploadEnding(IRecordStore records, IContentStore store, SpaceLedger space, UploadOptions options, TimeProvider time)
{
    public static Upload Show(UploadId id, UploadRecord record, long offset) => new()
    {
        Id = id,
        Owner = record.Owner,
        Purpose = record.Purpose,
        Length = record.Length,
        Offset = offset,
        Metadata = UploadMetadata.TryParse(record.Metadata, out var metadata) ? metadata : UploadMetadata.Empty,
        Created = record.Created,
        Expires = record.Expires,
        IsComplete = record.Complete,
        Result = record.Result,
    };

    /// <summary>Ends an upload whose bytes are all there, or were published before a crash.</summary>
    /// <returns><c>null</c>: bytes are missing.</returns>
    public async Task<Upload?> CompleteAsync(
        Versioned<UploadRecord> own, IUploadReceiver receiver, UploadBytes bytes, UploadSession session, CancellationToken cancellationToken)
    {
        var id = UploadId.Parse(own.Key.Part(0));
        ContentInfo content;
        if (own.Value.Content is { } known && await store.FindAsync(known, cancellationToken) is { } published)
        {
            content = published;
            await bytes.DisposeAsync();
            await DropPartialsAsync(id); // what is left here is worth nothing
        }
        else if (bytes.Offset == own.Value.Length)
        {
            content = await bytes.FoldAsync(cancellationToken);
            await RequireNotDeletingAsync(content.Id, cancellationToken);
            own = own.Value.Content == content.Id ? own : await PutAsync(own, own.Value with { Content = content.Id }); // before the bytes leave the partial
            Step.Reached("upload.named");
            await bytes.PublishAsync(content);
            await bytes.DisposeAsync();
            Step.Reached("upload.published");
        }
        else
        {
            return null;
        }

        return await GiveAsync(id, own, receiver, content, session);
    }

    /// <summary>Moves the end of an upload on, where half of its time is over.</summary>
    public async Task<Versioned<UploadRecord>> RenewAsync(Versioned<UploadRecord> own)
    {
        var now = time.GetUtcNow();
        return own.Value.Expires - now < options.Expiration / 2 ? await PutAsync(own, own.Value with { Expires = now + options.Expiration }) : own;
    }

    /// <summary>Drops an upload and, unless it is complete, releases its space, in one commit; then its bytes, which are the sweep's should that fail.</summary>
    /// <returns>Whether it was dropped.</returns>
    public async Task<bool> DropAsync(
        UploadId id, UploadSession session, Predicate<UploadRecord> isDue, Action<RecordBatch> guard, CancellationToken cancellationToken)
    {
        var key = UploadKeys.Upload(id);
        var dropped = await records.ChangeAsync(
            async batch =>
            {
                if (await records.GetAsync(key, UploadsJson.Default.UploadRecord, cancellationToken) is not { } current || !isDue(current.Value))
                {
                    return false;
                }

                batch.Delete(key, current.Version);
                guard(batch);
                if (!current.Value.Complete)
                {
                    await space.ReleaseAsync(batch, current.Value.Owner, current.Value.Length, cancellationToken);
                }

                return true;
            },
            cancellationToken);
        session.HasEnded = true;
        if (dropped)
        {
            Step.Reached("upload.dropped");
            await DropPartialsAsync(id);
        }

        return dropped;
    }

    /// <summary>The commit that ends the upload and gives the content to its system.</summary>
    async Task<Upload> GiveAsync(UploadId id, Versioned<UploadRecord> own, IUploadReceiver receiver, ContentInfo content, UploadSession session)
    {
        var verdict = UploadVerdict.Accepted;
        var ended = own.Value;
        var committed = await records.ChangeAsync(async batch =>
        {
            verdict = await receiver.CompleteAsync(batch, Show(id, own.Value, own.Value.Length), content, CancellationToken.None);
            ended = own.Value with { Complete = true, Result = verdict.Result, Expires = time.GetUtcNow() + options.Expiration };
            batch.Put(own.Key, ended, UploadsJson.Default.UploadRecord, own.Version);
            return verdict is { Problem: null, IsContentGone: false };
        });
        if (committed)
        {
            Step.Reached("upload.given");
            Telemetry.Uploaded(own.Value.Purpose, own.Value.Length);
            session.HasEnded = true;
            return Show(id, ended, ended.Length);
        }

        if (verdict.Problem is { } problem)
        {
            await DropAsync(id, session, static _ => true, static _ => { }, CancellationToken.None);
            throw new SharingException(problem, verdict.Message ?? "");
        }

        if (await store.FindAsync(content.Id) is null)
        {
            await PutAsync(own, own.Value with { Content = null });
        }

        throw new SharingException(ProblemCodes.UploadInterrupted, "The bytes were deleted just now. Ask for the offset and go on from there.");
    }

    /// <summary>A content that is being deleted is not given to anybody: while the bytes are still in the partial, that costs a repeat only.</summary>
    async Task RequireNotDeletingAsync(ContentId id, CancellationToken cancellationToken)
    {
        if (await records.GetAsync(ContentKeys.Content(id), ContentRecordsJson.Default.ContentRecord, cancellationToken) is { Value.State: ContentState.Deleting })
        {
            throw new SharingException(ProblemCodes.UploadInterrupted, "The same bytes are being deleted just now. Ask again in a moment.");
        }
    }

    async Task<Versioned<UploadRecord>> PutAsync(Versioned<UploadRecord> own, UploadRecord record)
    {
        var outcome = await records.CommitAsync(new RecordBatch().Put(own.Key, record, UploadsJson.Default.UploadRecord, own.Version));
        return outcome.Committed
            ? own with { Value = record, Version = outcome.Version }
            : throw new SharingException(ProblemCodes.UploadInterrupted, "The upload was changed meanwhile. Ask for the offset and go on from there.");
    }

    async Task DropPartialsAsync(UploadId id)
    {
        foreach (var key in new[] { UploadKeys.Partial(id), UploadKeys.Staged(id) })
        {
            try
            {
                await using var partial = await store.OpenPartialAsync(key);
                await partial.DiscardAsync();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or SharingException)
            {
                // The record is what counts. What is left here is dropped by the sweep.
            }
        }
    }
}
