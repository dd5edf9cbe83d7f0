namespace Sharing.Core;

/// <summary>Finds uploads that are under way, for the systems that they are for: a system may show what it was told of before the bytes are there. Thread-safe singleton.</summary>
public sealed class UploadLookup(IRecordStore records, TimeProvider time)
{
    /// <summary>An upload for a purpose that is not complete; <c>null</c>: there is none, or it has expired. Disturbs nobody who is sending to it, so how far it is
    /// is not looked at: <see cref="Upload.Offset"/> is 0.</summary>
    public async ValueTask<Upload?> FindAsync(string purpose, UploadId id, CancellationToken cancellationToken = default) =>
        await records.GetAsync(UploadKeys.Upload(id), UploadsJson.Default.UploadRecord, cancellationToken) is { Value: { Complete: false } upload }
            && upload.Purpose == purpose && upload.Expires > time.GetUtcNow() ? UploadEnding.Show(id, upload, 0) : null;
}
