namespace Sharing.Offline;

/// <summary>What people at the networks made of somebody's posts. Thread-safe singleton.</summary>
public interface IResponses
{
    /// <summary>The responses to a post of the actor's, network by network; asked of the networks now, all at once, each for a limited time.</summary>
    /// <returns><c>null</c>: the post is not there, or not the actor's.</returns>
    Task<IReadOnlyList<NetworkResponses>?> ListAsync(PersonId actor, PostId id, CancellationToken cancellationToken = default);
}
