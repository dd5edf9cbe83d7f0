namespace Sharing.Messaging;

/// <summary>Inboxes as server-sent events, encoded once for however many terminals follow one. Thread-safe singleton.</summary>
public interface IInboxFeed
{
    /// <summary>Follows the actor's inbox.</summary>
    /// <param name="actor">Whose.</param>
    /// <param name="query">From where: its place is looked up.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Who follows, to be disposed, and the number after which he begins.</returns>
    ValueTask<(PushFollower Follower, long After)> FollowAsync(PersonId actor, InboxQuery query, CancellationToken cancellationToken = default);
}
