using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>What people upload to send it. It waits for a day; sent, its bytes are the message's. Thread-safe singleton.</summary>
sealed class MessageUploads(IRecordStore records, ContentReferences references, SpaceLedger space, IOptions<MessageOptions> options, TimeProvider time) : IUploadReceiver
{
    /// <inheritdoc/>
    public string Purpose => MessageHome.Purpose;

    /// <inheritdoc/>
    public ValueTask<UploadVerdict> AdmitAsync(PersonId actor, UploadRequest request, CancellationToken cancellationToken = default) => new(UploadVerdict.Accepted);

    /// <inheritdoc/>
    public async ValueTask<UploadVerdict> CompleteAsync(RecordBatch batch, Upload upload, ContentInfo content, CancellationToken cancellationToken = default)
    {
        var id = upload.Id.Value;
        if (!await references.AddAsync(batch, content, MessageKeys.UploadReferrer(id), cancellationToken))
        {
            return UploadVerdict.ContentGone;
        }

        var until = time.GetUtcNow() + options.Value.KeepUploadFor;
        var type = upload.Metadata["filetype"] is { Length: > 0 and <= MessageResource.MaxTypeLength } said ? said : null;
        batch.Put(MessageKeys.Upload(id), new(upload.Owner, FileName.From(upload.Metadata["filename"]) ?? "file", type, content, until), MessageRecords.Default.StoredUpload, RecordBatch.Absent);
        batch.Put(MessageKeys.UploadDue(until, id), id, MessageRecords.Default.String, RecordBatch.Any);
        return UploadVerdict.AcceptedAs(id);
    }

    /// <summary>Adds to a batch that an upload is sent: its bytes and its room are whose message it is from then on.</summary>
    /// <returns><c>null</c>: it is not there, or not his.</returns>
    public async ValueTask<StoredUpload?> TakeAsync(RecordBatch batch, PersonId actor, string id, CancellationToken cancellationToken)
    {
        if (!UploadId.TryParse(id, out _) || await FindAsync(id, cancellationToken) is not { Value: var upload } stored || upload.Owner != actor)
        {
            return null;
        }

        Remove(batch, id, stored);
        return upload;
    }

    /// <summary>Deletes what was not sent.</summary>
    public async Task SweepAsync(Action<RecordBatch> guard, CancellationToken cancellationToken)
    {
        await foreach (var due in records.ScanAsync(MessageKeys.UploadsDueAt(time.GetUtcNow()), MessageRecords.Default.String, cancellationToken))
        {
            await DeleteAsync(due.Value, due.Key, guard, cancellationToken);
        }
    }

    /// <summary>What somebody has not sent yet, by its ids.</summary>
    public IAsyncEnumerable<(string Id, StoredUpload Upload)> ListAsync(PersonId owner, CancellationToken cancellationToken) =>
        records.ScanAsync(RecordRange.Under("message-upload"), MessageRecords.Default.StoredUpload, cancellationToken).Where(one => one.Value.Owner == owner).Select(static one => (one.Key.Part(0), one.Value));

    /// <summary>Deletes what somebody has not sent yet.</summary>
    public async Task EraseAsync(PersonId owner, CancellationToken cancellationToken)
    {
        await foreach (var (id, upload) in ListAsync(owner, cancellationToken))
        {
            await DeleteAsync(id, MessageKeys.UploadDue(upload.Until, id), static _ => { }, cancellationToken);
        }
    }

    Task DeleteAsync(string id, RecordKey due, Action<RecordBatch> guard, CancellationToken cancellationToken) => records.ChangeAsync(
        async batch =>
        {
            guard(batch);
            if (await FindAsync(id, cancellationToken) is { } upload)
            {
                Remove(batch, id, upload);
                await references.RemoveAsync(batch, upload.Value.Content.Id, MessageKeys.UploadReferrer(id), cancellationToken);
                await space.ReleaseAsync(batch, upload.Value.Owner, upload.Value.Content.Length, cancellationToken);
            }
            else
            {
                batch.Delete(due, RecordBatch.Any);
            }

            return true;
        },
        cancellationToken);

    ValueTask<Versioned<StoredUpload>?> FindAsync(string id, CancellationToken cancellationToken) => records.GetAsync(MessageKeys.Upload(id), MessageRecords.Default.StoredUpload, cancellationToken);

    static void Remove(RecordBatch batch, string id, Versioned<StoredUpload> upload) =>
        batch.Delete(upload.Key, upload.Version).Delete(MessageKeys.UploadDue(upload.Value.Until, id), RecordBatch.Any);
}
