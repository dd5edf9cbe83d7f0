using System.Runtime.CompilerServices;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Shares on the shared-data server. Thread-safe.</summary>
public sealed class HttpShares(ServerConnection server) : IShares
{
    /// <inheritdoc/>
    /// <exception cref="HttpRequestException">It cannot be reached, or its answer is none.</exception>
    public async Task<ShareManifest?> OpenAsync(PersonId? actor, ShareId id, string? device, CancellationToken cancellationToken = default)
    {
        var manifest = await server.GetAsync(actor, $"v1/shares/{id}" + (device is null ? "" : $"?device={device}"), P2PJson.Default.ShareManifest, cancellationToken);
        return manifest?.IsSound == false ? throw new HttpRequestException("The server answered something that is no share.") : manifest;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SharedFile> ListAsync(PersonId actor, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var file in await server.GetAsync(actor, "v1/shares", P2PJson.Default.SharedFileArray, cancellationToken) ?? [])
        {
            yield return file;
        }
    }

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(PersonId actor, ShareId id, CancellationToken cancellationToken = default) =>
        server.TellAsync(actor, HttpMethod.Delete, $"v1/shares/{id}", cancellationToken);
}
