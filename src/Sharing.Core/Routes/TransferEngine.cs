using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Sharing.Core;

/// <summary>Starts transfers. Thread-safe singleton.</summary>
public sealed class TransferEngine(
    IContentStore store, IRecordStore records, IChunkSourceSelector selector, IOptions<TransferOptions> options, TimeProvider time,
    ILogger<TransferEngine> logger, FileLinks? links = null)
{
    readonly ConcurrentDictionary<ContentId, Transfer> _underWay = new();

    /// <summary>Starts a transfer, or goes on with one that was stopped, or interrupted by a crash, under the same key.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.Conflict"/>: one is running under that key.</exception>
    public async Task<Transfer> StartAsync(TransferRequest request, CancellationToken cancellationToken = default)
    {
        var groups = new PartialGroups(store, records, request.Key);
        try
        {
            await groups.OpenAsync(cancellationToken);
        }
        catch
        {
            await groups.DisposeAsync();
            throw;
        }

        return new Transfer(request, options.Value, request.Selector ?? selector, time, logger, groups, _underWay, cancellationToken);
    }

    /// <summary>How many transfers are under way of which it is known what they fetch.</summary>
    public int UnderWay => _underWay.Count;

    /// <summary>Opens a content as far as it is here: whole, in a file of the user's, or in the hands of a transfer.</summary>
    public async ValueTask<HeldContent?> OpenHeldAsync(ContentId content, CancellationToken cancellationToken = default) =>
        await store.OpenAsync(content, cancellationToken) is { } whole ? new HeldContent(whole)
        : links is not null && await links.OpenAsync(content, cancellationToken) is { } linked ? new HeldContent(linked)
        : _underWay.TryGetValue(content, out var transfer) ? transfer.Open()
        : null;

    /// <summary>Drops what a transfer that is not running left behind.</summary>
    public async Task DiscardAsync(string key, CancellationToken cancellationToken = default)
    {
        await using var groups = new PartialGroups(store, records, key);
        await groups.OpenAsync(cancellationToken);
        await groups.DiscardAsync(cancellationToken);
    }
}
