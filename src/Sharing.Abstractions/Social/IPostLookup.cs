namespace Sharing;

/// <summary>An optional ability of a publisher: finds a post that was sent before.</summary>
public interface IPostLookup
{
    /// <summary>The outcome "sent" of what the network shows for a post, known by its key or its link, or <c>null</c> when it is certain that there is none. Any other
    /// outcome says why it could not be found out.</summary>
    /// <exception cref="Exception">It could not be found out.</exception>
    Task<PublishOutcome?> FindAsync(Post post, Account account, CancellationToken cancellationToken);
}
