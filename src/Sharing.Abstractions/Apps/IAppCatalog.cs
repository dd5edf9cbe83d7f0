namespace Sharing;

/// <summary>Knows apps and their packages: a server's own shelf, an F-Droid repository, a server over HTTP, a host's own.</summary>
/// <remarks>Thread-safe singleton. Several may be registered; the server's own is asked first.</remarks>
public interface IAppCatalog
{
    /// <summary>What is known of an app.</summary>
    /// <param name="app">The app.</param>
    /// <param name="os">The platform, in lower case.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><c>null</c>: nothing. Packages that can be had have a content, or an address.</returns>
    ValueTask<AppListing?> FindAsync(AppId app, string os, CancellationToken cancellationToken = default);
}
