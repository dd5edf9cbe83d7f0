namespace Sharing;

/// <summary>An optional ability of a publisher: finds a post that was sent before by its key.</summary>
public interface IPostLookup
{
    /// <summary>The outcome "sent" of the post that the network shows for this key, or <c>null</c> when it is certain that there is none.</summary>
    /// <exception cref="Exception">It could not be found out.</exception>
    Task<PublishOutcome?> FindAsync(string key, Account account, CancellationToken cancellationToken);
}
