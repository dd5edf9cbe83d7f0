namespace Sharing.P2P;

/// <summary>Fetches shares by their links, and saves them.</summary>
/// <remarks>Thread-safe.</remarks>
public interface IShareDownloads
{
    /// <summary>Fetches a share, goes on with what is there of it, and saves it where downloads are saved. Giving up the enumeration stops it; what is there stays.</summary>
    /// <param name="actor">Who fetches.</param>
    /// <param name="link">The share's link.</param>
    /// <param name="name">The name to save it under; <c>null</c>: the file's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How far it is, as it goes; the last says that it is finished, or why it failed.</returns>
    IAsyncEnumerable<ShareDownload> FetchAsync(PersonId actor, ShareLink link, string? name = null, CancellationToken cancellationToken = default);

    /// <summary>Who else has a share, or fetches it.</summary>
    /// <returns><c>null</c>: there is no such share for the actor.</returns>
    /// <exception cref="SharingException"><see cref="ProblemCodes.NoSource"/>: nobody can be reached who knows.</exception>
    Task<SwarmView?> OthersAsync(PersonId actor, ShareLink link, CancellationToken cancellationToken = default);
}
