namespace Sharing.Core;

/// <summary>Deletes uploads that have expired, with their bytes, and releases their space.</summary>
sealed class UploadSweep(Uploads uploads) : ISweep
{
    public Task SweepAsync(Action<RecordBatch> guard, CancellationToken cancellationToken = default) => uploads.SweepAsync(guard, cancellationToken);
}
