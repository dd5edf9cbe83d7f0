using Sharing.Core;

namespace Sharing.P2P;

/// <summary>The shares of which this terminal is the origin. Thread-safe singleton.</summary>
public sealed class OwnShares(IRecordStore records, FileLinks links)
{
    /// <summary>All of them.</summary>
    internal static RecordRange All { get; } = RecordRange.Under("own-share");

    internal async ValueTask<OwnShare?> FindAsync(ShareId share, CancellationToken cancellationToken) =>
        (await records.GetAsync(KeyOf(share), FolderRecords.Default.OwnShare, cancellationToken))?.Value;

    internal async Task KeepAsync(ShareId share, OwnShare own, CancellationToken cancellationToken) =>
        await records.CommitAsync(new RecordBatch().Put(KeyOf(share), own, FolderRecords.Default.OwnShare, RecordBatch.Any), cancellationToken);

    /// <summary>This terminal is no more the origin of a share, and gives its file no more unless another share has the same bytes.</summary>
    internal async Task ForgetAsync(ShareId share, CancellationToken cancellationToken)
    {
        if (await FindAsync(share, cancellationToken) is not { } own)
        {
            return;
        }

        await records.CommitAsync(new RecordBatch().Delete(KeyOf(share), RecordBatch.Any), cancellationToken);
        await UnlinkAsync(own.Content, cancellationToken);
    }

    /// <summary>This terminal gives a file no more, unless a share has the same bytes.</summary>
    internal async Task UnlinkAsync(ContentId content, CancellationToken cancellationToken)
    {
        await foreach (var other in records.ScanAsync(All, FolderRecords.Default.OwnShare, cancellationToken))
        {
            if (other.Value.Content == content)
            {
                return;
            }
        }

        await links.UnlinkAsync(content, cancellationToken);
    }

    static RecordKey KeyOf(ShareId share) => RecordKey.Of("own-share", share.Value);
}
