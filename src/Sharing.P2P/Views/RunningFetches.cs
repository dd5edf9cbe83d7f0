using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>The fetches of this process. Thread-safe singleton.</summary>
public sealed class RunningFetches : IShareFetches
{
    readonly ConcurrentDictionary<ContentId, (ShareManifest Manifest, Transfer Transfer)> _running = new();

    /// <inheritdoc/>
    public async IAsyncEnumerable<FetchView> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var (_, (manifest, transfer)) in _running)
        {
            yield return FetchView.Of(manifest, await transfer.ViewAsync(cancellationToken));
        }
    }

    /// <inheritdoc/>
    public async ValueTask<FetchView?> FindAsync(ContentId content, CancellationToken cancellationToken = default) =>
        _running.TryGetValue(content, out var fetch) ? FetchView.Of(fetch.Manifest, await fetch.Transfer.ViewAsync(cancellationToken)) : null;

    /// <inheritdoc/>
    public async IAsyncEnumerable<FetchView> WatchAsync(ContentId content, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (_running.TryGetValue(content, out var fetch))
        {
            await foreach (var view in fetch.Transfer.ViewsAsync(cancellationToken))
            {
                yield return FetchView.Of(fetch.Manifest, view);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ChunkChoice?> ExplainAsync(ContentId content, int chunk, CancellationToken cancellationToken = default) =>
        _running.TryGetValue(content, out var fetch) ? await fetch.Transfer.ExplainAsync(chunk, cancellationToken) : null;

    /// <summary>A transfer of a share has begun.</summary>
    public void Add(ShareManifest manifest, Transfer transfer) => _running[manifest.Content] = (manifest, transfer);

    /// <summary>It is over, or was stopped.</summary>
    public void Remove(ShareManifest manifest, Transfer transfer) => _running.TryRemove(new(manifest.Content, (manifest, transfer)));
}
