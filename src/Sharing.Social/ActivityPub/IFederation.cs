namespace Sharing.Social;

/// <summary>The host as others in the fediverse see it. Thread-safe singleton; <c>MapSharingFederation</c> puts it on HTTP.</summary>
public interface IFederation
{
    /// <summary>Who is meant by <c>acct:name@host</c>, or by an actor's id (RFC 7033); <c>null</c>: nobody here.</summary>
    Task<FederationDocument?> WebFingerAsync(string resource, CancellationToken cancellationToken = default);

    /// <summary>An actor, a note or a collection by its path, without a slash at its beginning; <c>null</c>: it is not there, or not for everyone.</summary>
    Task<FederationDocument?> FindAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Takes what was sent to an inbox. When this returns with 202 it is durable.</summary>
    Task<InboxOutcome> ReceiveAsync(InboxRequest request, CancellationToken cancellationToken = default);
}
