using Microsoft.Extensions.Options;

namespace Sharing.Apps;

/// <summary>Matches over the packages that a server keeps, and, where none of those fits, over those of outside catalogues (rows A6–A9). Thread-safe singleton.</summary>
public sealed class CatalogMatcher(OutsideCatalogs catalogs, IEnumerable<IPackageRule> rules, IOptions<AppsOptions> options) : ICompatibilityMatcher
{
    readonly PackageMatcher _matcher = new(options.Value.Table, rules);

    /// <inheritdoc/>
    public async ValueTask<AppMatch?> MatchAsync(AppRequest request, CancellationToken cancellationToken = default)
    {
        var (app, os) = (request.App, request.Device.Os);
        var listing = await catalogs.ShelfAsync(app, os, cancellationToken);
        if (options.Value.ShopOnly.Contains(os))
        {
            listing ??= await catalogs.FindAsync(app, os, cancellationToken);
            return listing is null ? null : new() { ShopLink = listing.ShopLink };
        }

        if (listing is not null && Match(request, listing) is { Best: not null } match)
        {
            return match;
        }

        listing = await catalogs.FindAsync(app, os, cancellationToken);
        return listing is null ? null : Match(request, listing);
    }

    AppMatch Match(AppRequest request, AppListing listing) => _matcher.Match(request.Device, listing.Packages, request.Installed) with { ShopLink = listing.ShopLink };
}
