using Sharing.Core;

namespace Sharing.Offline;

/// <summary>Serves a post's link to a plain client (rows R5, R7, R8): the stored bytes if the library has them, else the origin's, passed through,
/// changing over in the middle. Thread-safe singleton.</summary>
public sealed class Relay(IPosts posts, IPostContent content, HttpClient http, TimeProvider time)
{
    /// <summary>Opens what a post's link leads to.</summary>
    /// <param name="actor">Who follows it; <c>null</c>: not signed in.</param>
    /// <param name="id">The post.</param>
    /// <param name="storedOnly">Only what the library has; <c>null</c> where it has nothing.</param>
    /// <param name="cancellationToken">Gives up; also ends what waits for the landing.</param>
    /// <returns><c>null</c>: there is no such post, or it is not for him.</returns>
    /// <exception cref="SharingException"><see cref="ProblemCodes.FetchFailed"/>: the library does not have it, and the origin does not deliver.</exception>
    public async Task<RelayedContent?> OpenAsync(PersonId? actor, PostId id, bool storedOnly, CancellationToken cancellationToken)
    {
        if (await posts.FindAsync(actor, id, cancellationToken) is not { } post)
        {
            return null;
        }

        if (await content.OpenAsync(actor, id, cancellationToken) is { } stored)
        {
            return new RelayedContent(post.Resource, stored, null, null);
        }

        if (storedOnly)
        {
            return null;
        }

        var origin = new HttpOriginSource(http, post.Resource.Address);
        var first = await origin.OpenAsync(0, null, cancellationToken);
        return new RelayedContent(post.Resource, null, new ChangeOverStream(origin, first, LandingAsync(actor, id, cancellationToken), time), first.Offer);
    }

    async Task<IContentReader?> LandingAsync(PersonId? actor, PostId id, CancellationToken cancellationToken)
    {
        try
        {
            return await new LibrarySource(content, actor, id).ProbeAsync(cancellationToken) is null
                ? null
                : await content.OpenAsync(actor, id, cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException or SharingException)
        {
            return null; // the origin goes on alone
        }
    }
}
