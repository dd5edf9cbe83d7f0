namespace Sharing;

/// <summary>Publishes posts at one social network. The seam by which a network of one's own is plugged in.</summary>
/// <remarks>Thread-safe singleton, called by the outbox, which keeps the intent on disk, retries, and never retries in a way that
/// <see cref="PublisherTraits.Retry"/> does not make safe. An exception means that the outcome is unknown (the reply was
/// lost); everything that is known is an outcome. The publisher itself retries nothing.</remarks>
public interface ISocialPublisher
{
    /// <summary>What the network can do.</summary>
    PublisherTraits Traits { get; }

    /// <summary>Publishes a post, or, for a <see cref="Post.Revision"/> above 1, changes the one of the same key.</summary>
    Task<PublishOutcome> PublishAsync(Post post, Account account, CancellationToken cancellationToken);
}
