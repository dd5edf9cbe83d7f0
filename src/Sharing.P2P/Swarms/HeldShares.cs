using System.Collections.Concurrent;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>On a terminal: the shares that it fetches or has, each with the key of the server whose tickets open it. Thread-safe singleton.</summary>
/// <remarks>Record: <c>held-share/{content}</c>, so that a terminal serves again after a restart.</remarks>
public sealed class HeldShares(IRecordStore records, TimeProvider time) : ITicketKeys
{
    readonly ConcurrentDictionary<ContentId, ShareManifest> _known = new();

    /// <summary>From now on others may take from here what is there of a share, with tickets of its server.</summary>
    public async Task AddAsync(ShareManifest manifest, CancellationToken cancellationToken = default)
    {
        await records.CommitAsync(new RecordBatch().Put(KeyOf(manifest.Content), manifest, P2PJson.Default.ShareManifest, RecordBatch.Any), cancellationToken);
        _known[manifest.Content] = manifest;
    }

    /// <summary>Nobody takes it from here any more.</summary>
    public async Task RemoveAsync(ContentId content, CancellationToken cancellationToken = default)
    {
        await records.CommitAsync(new RecordBatch().Delete(KeyOf(content), RecordBatch.Any), cancellationToken);
        _known.TryRemove(content, out _);
    }

    /// <summary>All of them, in no order.</summary>
    public async IAsyncEnumerable<ShareManifest> ListAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var record in records.ScanAsync(RecordRange.Under("held-share"), P2PJson.Default.ShareManifest, cancellationToken))
        {
            yield return record.Value;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ShareTicket?> CheckAsync(string ticket, ContentId content, CancellationToken cancellationToken = default)
    {
        if (!_known.TryGetValue(content, out var manifest))
        {
            if (await records.GetAsync(KeyOf(content), P2PJson.Default.ShareManifest, cancellationToken) is not { } stored)
            {
                return null;
            }

            manifest = _known.GetOrAdd(content, stored.Value);
        }

        return Tickets.Read(ticket, manifest.TicketKey, time.GetUtcNow()) is { } open && open.Content == content ? open : null;
    }

    static RecordKey KeyOf(ContentId content) => RecordKey.Of("held-share", content.ToString());
}
