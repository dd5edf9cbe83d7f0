using Microsoft.Extensions.Options;

namespace Sharing.Core;

/// <summary>Deletes uploads that have expired, with their bytes, and releases their space. It looks at all uploads, so not each time: when the host has begun, and then after a seventh of the time for which an upload is kept.</summary>
sealed class UploadSweep(Uploads uploads, IOptions<UploadOptions> options, TimeProvider time) : ISweep
{
    const int Part = 7;

    long? _last;

    public async Task SweepAsync(Action<RecordBatch> guard, CancellationToken cancellationToken = default)
    {
        if (_last is { } last && time.GetElapsedTime(last) < options.Value.Expiration / Part)
        {
            return;
        }

        var began = time.GetTimestamp();
        await uploads.SweepAsync(guard, cancellationToken);
        _last = began;
    }
}
