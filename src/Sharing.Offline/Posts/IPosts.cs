namespace Sharing.Offline;

/// <summary>The download server's side of sharing: takes posts, publishes them everywhere, keeps their resources.</summary>
/// <remarks>Thread-safe singleton. "Not there" and "not yours" are the same <c>null</c> or <c>false</c>.</remarks>
public interface IPosts
{
    /// <summary>Shares a resource. When this returns the post is durable; publishing and keeping go on by themselves.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>; <see cref="ProblemCodes.KeyReused"/>: the key was used for something else.</exception>
    Task<SharedPost> ShareAsync(PersonId actor, ShareRequest request, CancellationToken cancellationToken = default);

    /// <summary>Tells more of the resource, in place: size, type and content id once they are known. The address stays.</summary>
    Task<SharedPost?> UpdateAsync(PersonId actor, PostId id, Resource resource, CancellationToken cancellationToken = default);

    /// <summary>A post that the actor (<c>null</c>: not signed in) may see.</summary>
    Task<SharedPost?> FindAsync(PersonId? actor, PostId id, CancellationToken cancellationToken = default);

    /// <summary>The actor's own posts, newest first.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="cursor"><see cref="PostPage.Next"/> of the page before, or <c>null</c>.</param>
    /// <param name="count">How many at most: 1 to 100.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<PostPage> ListAsync(PersonId actor, string? cursor = null, int count = 20, CancellationToken cancellationToken = default);

    /// <summary>Takes a post back: its link ends, networks that can remove it are told to.</summary>
    /// <returns>Whether it was there, and the actor's.</returns>
    Task<bool> WithdrawAsync(PersonId actor, PostId id, CancellationToken cancellationToken = default);
}
