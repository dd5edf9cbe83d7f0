using System.Runtime.CompilerServices;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>What a person shows to whom, at a server. Thread-safe.</summary>
public sealed class HttpPhotoGrants(ServerConnection server) : IPhotoGrants
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<Grant>> GrantAsync(PersonId actor, GrantRequest request, CancellationToken cancellationToken = default) =>
        await server.SendAsync(actor, HttpMethod.Post, "v1/photo-grants", request, PhotosJson.Default.GrantRequest, PhotosJson.Default.GrantArray, null, cancellationToken)
        ?? throw new SharingException(ProblemCodes.NotFound, "There is no such photo or folder.");

    /// <inheritdoc/>
    public async IAsyncEnumerable<Grant> ListAsync(PersonId actor, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var grant in await server.GetAsync(actor, "v1/photo-grants", PhotosJson.Default.GrantArray, cancellationToken) ?? [])
        {
            yield return grant;
        }
    }

    /// <inheritdoc/>
    public Task<Grant?> ExtendAsync(PersonId actor, GrantId id, DateTimeOffset? expires, CancellationToken cancellationToken = default) =>
        server.SendAsync(actor, HttpMethod.Put, $"v1/photo-grants/{id}/end", new(expires), PhotosJson.Default.GrantEnd, PhotosJson.Default.Grant, null, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RevokeAsync(PersonId actor, GrantId id, CancellationToken cancellationToken = default) => server.TellAsync(actor, HttpMethod.Delete, $"v1/photo-grants/{id}", cancellationToken);
}
