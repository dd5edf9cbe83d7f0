namespace Sharing.P2P;

/// <summary>The files that people share from their space on the shared-data server (row D1). A file comes there by an upload for the purpose <see cref="Purpose"/>.</summary>
/// <remarks>Thread-safe. What an actor may not see is <c>null</c> or <c>false</c>, like what is not there.</remarks>
public interface IShares
{
    /// <summary>The purpose of uploads that become shares; their result is the share's id. Metadata: <c>filename</c>, <c>filetype</c>, and <c>audience</c>
    /// ("everyone": whoever has the link; "friends", "followers"), "friends" if left out; <c>content</c>: the content id, where it is known. With it the share opens from
    /// when its upload begins, under the id of the upload, and terminals give each other what the server does not have yet; bytes that do not fit it are refused at their end.</summary>
    const string Purpose = "shares";

    /// <summary>What has to be known to fetch a share, with a ticket.</summary>
    /// <param name="actor">Who asks; <c>null</c>: nobody who signed in.</param>
    /// <param name="id">The share.</param>
    /// <param name="device">The terminal that will announce itself; <c>null</c>: a client that only fetches.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<ShareManifest?> OpenAsync(PersonId? actor, ShareId id, string? device, CancellationToken cancellationToken = default);

    /// <summary>What an actor shares himself, in no order.</summary>
    IAsyncEnumerable<SharedFile> ListAsync(PersonId actor, CancellationToken cancellationToken = default);

    /// <summary>Ends a share of the actor's own. Tickets that were given out hold until they expire; what others have they keep.</summary>
    Task<bool> RemoveAsync(PersonId actor, ShareId id, CancellationToken cancellationToken = default);
}
