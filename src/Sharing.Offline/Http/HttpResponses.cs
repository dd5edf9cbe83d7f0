using Sharing.Core;

namespace Sharing.Offline;

/// <summary>What people at the networks made of posts at a download server, over HTTP.</summary>
public sealed class HttpResponses(ServerConnection server) : IResponses
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<NetworkResponses>?> ListAsync(PersonId actor, PostId id, CancellationToken cancellationToken = default) =>
        await server.GetAsync(actor, $"v1/posts/{id}/responses", WireJson.Default.NetworkResponsesArray, cancellationToken);
}
