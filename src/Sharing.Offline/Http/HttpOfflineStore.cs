using System.Runtime.CompilerServices;
using Sharing.Core;

namespace Sharing.Offline;

/// <summary>The offline library of another host, over HTTP.</summary>
public sealed class HttpOfflineStore(ServerConnection server) : IOfflineStore, IOfflineWatch
{
    /// <inheritdoc/>
    public async Task<OfflineItem> KeepAsync(PersonId actor, Resource resource, CancellationToken cancellationToken = default) =>
        await server.SendAsync(
            actor, HttpMethod.Put, $"v1/library/{ResourceId.Of(resource.Address)}", resource, WireJson.Default.Resource, WireJson.Default.OfflineItem, null,
            cancellationToken)
        ?? throw new SharingException(ProblemCodes.RoleNotHere, "That server keeps no offline library.");

    /// <inheritdoc/>
    public Task<OfflineItem?> FindAsync(PersonId actor, ResourceId id, CancellationToken cancellationToken = default) =>
        server.GetAsync(actor, $"v1/library/{id}", WireJson.Default.OfflineItem, cancellationToken);

    /// <inheritdoc/>
    public async Task<IContentReader?> OpenAsync(PersonId actor, ResourceId id, CancellationToken cancellationToken = default) =>
        await HttpContentReader.OpenAsync(server, actor, $"v1/library/{id}/content?stored=true", $"v1/library/{id}/groups", cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(PersonId actor, ResourceId id, CancellationToken cancellationToken = default) =>
        server.TellAsync(actor, HttpMethod.Delete, $"v1/library/{id}", cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<OfflineItem> ListAsync(PersonId actor, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var item in await server.GetAsync(actor, "v1/library", WireJson.Default.OfflineItemArray, cancellationToken) ?? [])
        {
            yield return item;
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<OfflineItem> WatchAsync(PersonId actor, ResourceId id, CancellationToken cancellationToken = default) =>
        server.EventsAsync(actor, $"v1/library/{id}/events", WireJson.Default.OfflineItem, cancellationToken);
}
