using Sharing.Core;

namespace Sharing.Offline;

/// <summary>The bytes behind a post at a download server, over HTTP.</summary>
public sealed class HttpPostContent(ServerConnection server) : IPostContent
{
    /// <inheritdoc/>
    public IAsyncEnumerable<PostContentState> WatchAsync(PersonId? actor, PostId id, CancellationToken cancellationToken = default) =>
        server.EventsAsync(actor, $"v1/posts/{id}/events", WireJson.Default.PostContentState, cancellationToken);

    /// <inheritdoc/>
    public async Task<IContentReader?> OpenAsync(PersonId? actor, PostId id, CancellationToken cancellationToken = default) =>
        await HttpContentReader.OpenAsync(server, actor, $"v1/posts/{id}/content?stored=true", $"v1/posts/{id}/groups", cancellationToken);
}
