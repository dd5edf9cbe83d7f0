using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Apps;

/// <summary>The packages that a server keeps. Thread-safe singleton.</summary>
/// <remarks>Records: <c>app/{os}/{app}/{sha256}</c>, each with a reference to its content; <c>app-shop/{os}/{app}</c>.</remarks>
public sealed class AppShelf(IRecordStore records, IContentStore contents, ContentReferences references, IOptions<AppsOptions> options) : IAppCatalog
{
    /// <inheritdoc/>
    public async ValueTask<AppListing?> FindAsync(AppId app, string os, CancellationToken cancellationToken = default)
    {
        var packages = await records.ScanAsync(RecordRange.Under("app", os, app.Value), AppsJson.Default.AppPackage, cancellationToken).Select(static record => record.Value).ToListAsync(cancellationToken);
        var shop = (await records.GetAsync(ShopKey(app, os), AppsJson.Default.Uri, cancellationToken))?.Value;
        return packages.Count == 0 && shop is null ? null
            : new() { App = app, Os = os, Name = packages.OrderByDescending(static package => package.VersionCode).FirstOrDefault(static package => package.Name is not null)?.Name, Packages = packages, ShopLink = shop };
    }

    /// <summary>Takes in an Android package: reads it, checks its signatures, and keeps it.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: it is none, or its signature is not what it says.</exception>
    public async Task<AppPackage> AddAsync(Stream apk, CancellationToken cancellationToken = default)
    {
        var content = await contents.PutAsync(apk, cancellationToken: cancellationToken);
        return await AddAsync(content, null, null, cancellationToken);
    }

    /// <summary>Takes in a package whose bytes are in the store.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="promised">What a catalogue said of it: it must be that, where it is an Android package; where it is not, it is believed.</param>
    /// <param name="transfer">The state of the transfer that brought it, which ends with it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: it is something else.</exception>
    internal async Task<AppPackage> AddAsync(ContentInfo content, AppPackage? promised, RecordKey? transfer, CancellationToken cancellationToken)
    {
        using var copy = new TemporaryPackage();
        var package = await PackageCheck.ReadAsync(contents, content, promised, copy.Path, cancellationToken);
        await records.ChangeAsync(
            async batch =>
            {
                var key = RecordKey.Of("app", package.Os, package.App.Value, package.Sha256!);
                if (!await references.AddAsync(batch, content, $"app/{package.Sha256}", cancellationToken))
                {
                    throw new SharingException(ProblemCodes.Conflict, "The content is being deleted; it is to be brought again.");
                }

                batch.Put(key, package, AppsJson.Default.AppPackage, RecordBatch.Any);
                if (transfer is { } state)
                {
                    batch.Delete(state, RecordBatch.Any);
                }

                return true;
            },
            cancellationToken);
        return package;
    }

    /// <summary>Says where a platform's own shop has an app (row A7).</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: that shop is none of <see cref="AppsOptions.Shops"/>.</exception>
    public async Task LinkAsync(AppId app, string os, Uri shop, CancellationToken cancellationToken = default)
    {
        if (!shop.IsAbsoluteUri || shop.Scheme != Uri.UriSchemeHttps || !options.Value.Shops.Contains(shop.Host))
        {
            throw new SharingException(ProblemCodes.InvalidInput, $"A shop's link is https and leads to one of: {string.Join(", ", options.Value.Shops)}.");
        }

        await records.CommitAsync(new RecordBatch().Put(ShopKey(app, os), shop, AppsJson.Default.Uri, RecordBatch.Any), cancellationToken);
    }

    /// <summary>The package of a hash, if it is here.</summary>
    public async ValueTask<AppPackage?> GetAsync(AppId app, string os, string sha256, CancellationToken cancellationToken = default) =>
        (await records.GetAsync(RecordKey.Of("app", os, app.Value, sha256), AppsJson.Default.AppPackage, cancellationToken))?.Value;

    static RecordKey ShopKey(AppId app, string os) => RecordKey.Of("app-shop", os, app.Value);
}
