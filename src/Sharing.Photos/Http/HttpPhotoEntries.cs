using System.Runtime.CompilerServices;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>What was granted to somebody at a server, where he has signed in. Thread-safe.</summary>
public sealed class HttpPhotoEntries(ServerConnection server) : IPhotoEntries
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<GrantView> ListAsync(PersonId actor, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var view in await server.GetAsync(actor, "v1/granted-photos", PhotosJson.Default.GrantViewArray, cancellationToken) ?? [])
        {
            yield return view;
        }
    }

    /// <inheritdoc/>
    public Task<GrantView?> OpenAsync(GrantVisitor actor, GrantId id, CancellationToken cancellationToken = default) =>
        server.GetAsync(SignedIn(actor), $"v1/granted-photos/{id}", PhotosJson.Default.GrantView, cancellationToken);

    /// <inheritdoc/>
    public Task<GrantedBytes?> OpenPhotoAsync(GrantVisitor actor, GrantId id, PhotoId photo, int? preview, CancellationToken cancellationToken = default) =>
        HttpGrantedBytes.OpenAsync(server, SignedIn(actor), $"v1/granted-photos/{id}/{photo}{HttpGrantedBytes.Preview(preview)}", cancellationToken);

    /// <inheritdoc/>
    public Task<GrantedBytes?> OpenArchiveAsync(GrantVisitor actor, GrantId id, IReadOnlyCollection<PhotoId> some, CancellationToken cancellationToken = default) =>
        HttpGrantedBytes.OpenAsync(server, SignedIn(actor), $"v1/granted-photos/{id}/archive" + (some.Count > 0 ? "?" + string.Join('&', some.Select(static photo => $"photo={photo}")) : ""), cancellationToken);

    static PersonId SignedIn(GrantVisitor actor) => actor.Person ?? throw new SharingException(ProblemCodes.SignInRequired, "Only pages take mail addresses.");
}
