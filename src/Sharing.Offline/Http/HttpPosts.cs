using Sharing.Core;

namespace Sharing.Offline;

/// <summary>Posts at a download server, over HTTP.</summary>
public sealed class HttpPosts(ServerConnection server) : IPosts
{
    /// <inheritdoc/>
    public async Task<SharedPost> ShareAsync(PersonId actor, ShareRequest request, CancellationToken cancellationToken = default) =>
        await server.SendAsync(
            actor, HttpMethod.Post, "v1/posts", request, WireJson.Default.ShareRequest, WireJson.Default.SharedPost, request.Key, cancellationToken)
        ?? throw new SharingException(ProblemCodes.RoleNotHere, "That server takes no posts.");

    /// <inheritdoc/>
    public Task<SharedPost?> UpdateAsync(PersonId actor, PostId id, Resource resource, CancellationToken cancellationToken = default) =>
        server.SendAsync(
            actor, HttpMethod.Put, $"v1/posts/{id}/resource", resource, WireJson.Default.Resource, WireJson.Default.SharedPost, null, cancellationToken);

    /// <inheritdoc/>
    public Task<SharedPost?> FindAsync(PersonId? actor, PostId id, CancellationToken cancellationToken = default) =>
        server.GetAsync(actor, $"v1/posts/{id}", WireJson.Default.SharedPost, cancellationToken);

    /// <inheritdoc/>
    public async Task<PostPage> ListAsync(PersonId actor, string? cursor = null, int count = 20, CancellationToken cancellationToken = default) =>
        await server.GetAsync(actor, ServerConnection.Page("v1/posts", cursor, count), WireJson.Default.PostPage, cancellationToken)
        ?? throw new SharingException(ProblemCodes.RoleNotHere, "That server takes no posts.");

    /// <inheritdoc/>
    public Task<bool> WithdrawAsync(PersonId actor, PostId id, CancellationToken cancellationToken = default) =>
        server.TellAsync(actor, HttpMethod.Delete, $"v1/posts/{id}", cancellationToken);

    /// <summary>Tries a post again at a network where it waits for its owner, or where its fate is unknown.</summary>
    /// <returns>Whether there is such a post of the actor's.</returns>
    public Task<bool> RetryAsync(PersonId actor, PostId id, string network, CancellationToken cancellationToken = default) =>
        server.TellAsync(actor, HttpMethod.Post, $"v1/posts/{id}/networks/{Uri.EscapeDataString(network)}/retry", cancellationToken);
}
