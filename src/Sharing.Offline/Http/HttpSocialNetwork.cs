using Sharing.Core;

namespace Sharing.Offline;

/// <summary>Our own social network at another host, over HTTP.</summary>
public sealed class HttpSocialNetwork(ServerConnection server) : ISocialNetwork
{
    /// <inheritdoc/>
    public async Task<NetworkPost> PutAsync(PersonId actor, Post post, CancellationToken cancellationToken = default) =>
        await server.SendAsync(
            actor, HttpMethod.Put, $"v1/network/posts/{Uri.EscapeDataString(post.Key)}", post, WireJson.Default.Post, WireJson.Default.NetworkPost, null,
            cancellationToken)
        ?? throw new SharingException(ProblemCodes.RoleNotHere, "That server is no social network.");

    /// <inheritdoc/>
    public async Task<FeedPage> FeedAsync(PersonId actor, string? cursor = null, int count = 20, CancellationToken cancellationToken = default) =>
        await server.GetAsync(actor, ServerConnection.Page("v1/feed", cursor, count), WireJson.Default.FeedPage, cancellationToken)
        ?? throw new SharingException(ProblemCodes.RoleNotHere, "That server is no social network.");

    /// <inheritdoc/>
    public Task<NetworkThread?> ThreadAsync(PersonId? actor, string id, CancellationToken cancellationToken = default) =>
        server.GetAsync(actor, $"v1/network/posts/{Uri.EscapeDataString(id)}", WireJson.Default.NetworkThread, cancellationToken);

    /// <inheritdoc/>
    public Task<NetworkComment?> CommentAsync(
        PersonId actor, string id, string text, string key, CancellationToken cancellationToken = default) =>
        server.SendAsync(
            actor, HttpMethod.Post, $"v1/network/posts/{Uri.EscapeDataString(id)}/comments", new CommentText(text), WireJson.Default.CommentText,
            WireJson.Default.NetworkComment, key, cancellationToken);

    /// <inheritdoc/>
    public Task<NetworkPost?> ReshareAsync(PersonId actor, string id, CancellationToken cancellationToken = default) =>
        server.GetOrMakeAsync(actor, HttpMethod.Post, $"v1/network/posts/{Uri.EscapeDataString(id)}/reshares", WireJson.Default.NetworkPost, cancellationToken);
}
