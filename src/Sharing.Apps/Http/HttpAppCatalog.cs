using Sharing.Core;

namespace Sharing.Apps;

/// <summary>What a server knows of apps, and what of it fits. Thread-safe.</summary>
/// <param name="server">The server.</param>
/// <param name="caller">As whom it is asked; <c>null</c>: this host itself.</param>
public sealed class HttpAppCatalog(ServerConnection server, PersonId? caller = null) : IAppCatalog, ICompatibilityMatcher
{
    /// <summary>The address of a package's file.</summary>
    public static string PathOf(AppPackage package) => $"v1/apps/{Uri.EscapeDataString(package.Os)}/{Uri.EscapeDataString(package.App.Value)}/packages/{package.Sha256}";

    /// <inheritdoc/>
    public async ValueTask<AppListing?> FindAsync(AppId app, string os, CancellationToken cancellationToken = default) =>
        await server.GetAsync(caller, $"v1/apps/{Uri.EscapeDataString(os)}/{Uri.EscapeDataString(app.Value)}", AppsJson.Default.AppListing, cancellationToken) is { } listing
            ? listing with { Packages = [.. listing.Packages.Select(package => package with { Address = new Uri(server.Server, PathOf(package)) })] }
            : null;

    /// <inheritdoc/>
    public async ValueTask<AppMatch?> MatchAsync(AppRequest request, CancellationToken cancellationToken = default) =>
        await server.QuestionAsync(caller, "v1/apps/matches", request, AppsJson.Default.AppRequest, AppsJson.Default.AppMatch, cancellationToken);
}
