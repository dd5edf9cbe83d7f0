using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>The fetches of this process. Thread-safe singleton.</summary>
public sealed class RunningFetches : IShareFetches
{
    readonly ConcurrentDictionary<ContentId, Running> _running = new();

    /// <inheritdoc/>
    public async IAsyncEnumerable<FetchView> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var (_, (manifest, transfer, _)) in _running)
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
    /// <param name="manifest">The share.</param>
    /// <param name="transfer">The transfer.</param>
    /// <param name="met">Is told of terminals that visit this one for it, at any time.</param>
    public void Add(ShareManifest manifest, Transfer transfer, Action<SwarmMember>? met = null) => _running[manifest.Content] = new(manifest, transfer, met);

    /// <summary>A terminal visits this one for a content.</summary>
    /// <param name="content">The content.</param>
    /// <param name="caller">The terminal, as far as its connection proves it.</param>
    /// <param name="at">What it says of where it listens.</param>
    public void Visited(ContentId content, PeerCaller caller, string? at)
    {
        if (_running.TryGetValue(content, out var fetch) && VisitorAt.Read(at, caller) is { } visitor)
        {
            fetch.Met?.Invoke(visitor);
        }
    }

    /// <summary>It is over, or was stopped.</summary>
    public void Remove(ShareManifest manifest, Transfer transfer)
    {
        if (_running.TryGetValue(manifest.Content, out var fetch) && fetch.Transfer == transfer)
        {
            _running.TryRemove(new(manifest.Content, fetch));
        }
    }

    /// <summary>Stops the fetch of a content, if there is one.</summary>
    internal async Task StopAsync(ContentId content)
    {
        if (_running.TryRemove(content, out var fetch))
        {
            await fetch.Transfer.DisposeAsync();
        }
    }

    sealed record Running(ShareManifest Manifest, Transfer Transfer, Action<SwarmMember>? Met);
}
