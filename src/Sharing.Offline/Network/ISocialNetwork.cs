namespace Sharing.Offline;

/// <summary>Our own social network: what the social network server does, for terminals, pages and the outbox.</summary>
/// <remarks>Thread-safe singleton. "Not there" and "not for him" are the same <c>null</c>. Every call that makes something takes the caller's key,
/// so that a repeat makes nothing new.</remarks>
public interface ISocialNetwork
{
    /// <summary>Shows a post, changes it (a higher revision of the same key), or removes it (<see cref="Post.Withdrawn"/>). The author is the actor.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.NotAllowed"/>: the actor is not the author, or the key is another's.</exception>
    Task<NetworkPost> PutAsync(PersonId actor, Post post, CancellationToken cancellationToken = default);

    /// <summary>What the actor's friends and those he follows shared and reshared, and his own, as far as each original's audience covers him.</summary>
    /// <param name="actor">Who reads.</param>
    /// <param name="cursor"><see cref="FeedPage.Next"/> of the page before, or <c>null</c>.</param>
    /// <param name="count">How many posts at most: 1 to 100.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<FeedPage> FeedAsync(PersonId actor, string? cursor = null, int count = 20, CancellationToken cancellationToken = default);

    /// <summary>A post (of a reshare, the original) with its comments; <paramref name="actor"/> <c>null</c>: not signed in.</summary>
    Task<NetworkThread?> ThreadAsync(PersonId? actor, string id, CancellationToken cancellationToken = default);

    /// <summary>Comments on a post that the actor may see.</summary>
    Task<NetworkComment?> CommentAsync(PersonId actor, string id, string text, string key, CancellationToken cancellationToken = default);

    /// <summary>Reshares a post that the actor may see to those who read him, and are covered by the original's audience.</summary>
    Task<NetworkPost?> ReshareAsync(PersonId actor, string id, CancellationToken cancellationToken = default);
}
