namespace Sharing.Core;

/// <summary>Who needs which content, and the deletion of what nobody needs: live → condemned → deleting → gone.</summary>
/// <remarks>
/// <para>Thread-safe singleton; one for a store. Publish first, add the reference afterwards: references are changed by the caller's own commits, together
/// with whatever refers. A content without references is condemned; a reference revives it in the same commit; what was condemned
/// longer than the grace is deleted by <see cref="SweepAsync"/>.</para>
/// <para>Why nothing referenced is lost. Bytes are deleted only while <c>content/{id}</c> says deleting, and it came to say so by a commit that
/// expected the condemned version; every reference is made by a commit that expects the version it saw. So of a reference and a
/// deletion one fails. Where there is no record, the bytes are looked for <em>after</em> the record was read: a deletion removes its record after
/// the bytes, so bytes that are there were published since. Should they be adopted, condemned and deleted before the writer commits, however long it slept, the
/// record would be absent once more; but its removal also wrote <c>content-deletions</c>, which the writer's commit checks. A lock between
/// publishing and deleting is not needed: a publish that finds its content "there already" just before the sweep deletes it ends in <c>false</c> from
/// <see cref="AddAsync"/>, and the bytes are brought again. Sweeps of one process run one after the other, so no late deletion of an
/// earlier sweep can meet bytes that were published after a later one; across hosts the store must fence deletions itself.</para>
/// <para>Records: <c>content/{id}</c>, <c>reference/{id}/{owner}</c>, <c>content-deletions</c>, <c>content-condemned/{time}/{id}</c>.</para>
/// </remarks>
public sealed class ContentReferences
{
    readonly IRecordStore _records;
    readonly IContentStore _store;
    readonly TimeProvider _time;
    readonly ContentSweep _sweep;

    /// <summary>Keeps the references to the contents of a store.</summary>
    public ContentReferences(IRecordStore records, IContentStore store, TimeProvider time) =>
        (_records, _store, _time, _sweep) = (records, store, time, new(records, store, time));

    /// <summary>Adds to a batch what makes the reference of an owner to a content that was published before. Changes nothing where he has it
    /// already, but lets the batch happen only while that is so. One call for each content and batch.</summary>
    /// <param name="batch">The caller's batch. Its commit ends in a conflict when the content changed meanwhile: call again with a new batch.</param>
    /// <param name="content">The content.</param>
    /// <param name="owner">Who refers, in a spelling that is his alone, e.g. "post/17". At most 900 characters, escaped as in a <see cref="RecordKey"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><c>false</c>, and nothing added, when the bytes are not there or are being deleted right now: publish them again, then call
    /// again. While a deletion is not ended it stays <c>false</c>.</returns>
    public async ValueTask<bool> AddAsync(RecordBatch batch, ContentInfo content, string owner, CancellationToken cancellationToken = default)
    {
        var referenceKey = ContentKeys.Reference(content.Id, owner);
        if (await _records.GetAsync(referenceKey, cancellationToken) is { } reference)
        {
            batch.Check(referenceKey, reference.Version);
            return true;
        }

        // The order of these three reads carries the proof above.
        var deletions = await _records.GetAsync(ContentKeys.Deletions, cancellationToken);
        var key = ContentKeys.Content(content.Id);
        var current = await _records.GetAsync(key, ContentRecordsJson.Default.ContentRecord, cancellationToken);
        if (current?.Value.State == ContentState.Deleting
            || (current is null && await _store.FindAsync(content.Id, cancellationToken) is null))
        {
            return false;
        }

        if (current is null && batch.Changes.All(static change => change.Key != ContentKeys.Deletions)) // an older version that was seen for another content will do, or conflict
        {
            batch.Check(ContentKeys.Deletions, deletions?.Version ?? RecordBatch.Absent);
        }

        var references = (current?.Value.References ?? 0) + 1;
        batch.Put(
            key, new ContentRecord(content.Length, references, ContentState.Live, null), ContentRecordsJson.Default.ContentRecord,
            current?.Version ?? RecordBatch.Absent);
        if (current?.Value.CondemnedAt is { } at)
        {
            batch.Delete(ContentKeys.Condemned(at, content.Id.ToString()), RecordBatch.Any);
        }

        batch.Put(referenceKey, new ReferenceRecord(_time.GetUtcNow()), ContentRecordsJson.Default.ReferenceRecord, RecordBatch.Absent);
        return true;
    }

    /// <summary>Adds to a batch what ends the reference of an owner; with the last one the content is condemned by the same commit. Where he has
    /// none it changes nothing, but lets the batch happen only while that is so. One call for each content and batch.</summary>
    /// <param name="batch">The caller's batch. Its commit ends in a conflict when the content changed meanwhile: call again with a new batch.</param>
    /// <param name="id">The content.</param>
    /// <param name="owner">Who referred.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask RemoveAsync(RecordBatch batch, ContentId id, string owner, CancellationToken cancellationToken = default)
    {
        var referenceKey = ContentKeys.Reference(id, owner);
        if (await _records.GetAsync(referenceKey, cancellationToken) is not { } reference)
        {
            batch.Check(referenceKey, RecordBatch.Absent);
            return;
        }

        batch.Delete(referenceKey, reference.Version);
        var key = ContentKeys.Content(id);
        if (await _records.GetAsync(key, ContentRecordsJson.Default.ContentRecord, cancellationToken) is { } current)
        {
            if (current.Value.References > 1)
            {
                batch.Put(key, current.Value with { References = current.Value.References - 1 }, ContentRecordsJson.Default.ContentRecord, current.Version);
            }
            else
            {
                ContentSweep.Condemn(batch, current, _time.GetUtcNow());
            }
        }
    }

    /// <summary>Ends deletions that were begun, deletes what was condemned longer than the grace, and drops stale partials where the store is an <see cref="IPartialListing"/>. The first one, and one
    /// every <see cref="SweepOptions.WholeInterval"/>, looks at every content, and condemns those that have no record. May be stopped and run again at any point.</summary>
    /// <param name="guard">Adds to a batch what makes it fail once this host may no longer sweep: the check of a lease.</param>
    /// <param name="options">How; <c>null</c> for the defaults.</param>
    /// <param name="cancellationToken">Stops between two steps, e.g. when the lease is lost.</param>
    /// <exception cref="SharingException"><see cref="ProblemCodes.Conflict"/>: the guard did not hold; what was done until then is whole.</exception>
    public Task<SweepOutcome> SweepAsync(Action<RecordBatch> guard, SweepOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        if (new SweepOptions.Validator().Validate(null, options) is { Failed: true } refused)
        {
            throw new ArgumentException(refused.FailureMessage, nameof(options));
        }

        return _sweep.RunAsync(guard, options, cancellationToken);
    }
}
