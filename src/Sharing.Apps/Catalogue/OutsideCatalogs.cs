using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Apps;

/// <summary>The server's own shelf, and behind it the outside catalogues (row A8). Thread-safe singleton.</summary>
public sealed class OutsideCatalogs(AppShelf shelf, IEnumerable<IAppCatalog> outside, TransferEngine engine, IHttpClientFactory http, IOptions<AppsOptions> options, IOptions<FetchOptions> fetching, ILogger<OutsideCatalogs> logger)
{
    readonly IAppCatalog[] _outside = [.. outside];

    /// <summary>What the server keeps of an app.</summary>
    public ValueTask<AppListing?> ShelfAsync(AppId app, string os, CancellationToken cancellationToken = default) => shelf.FindAsync(app, os, cancellationToken);

    /// <summary>What is known of an app here and outside; of a package that is in several, what stands first.</summary>
    public async ValueTask<AppListing?> FindAsync(AppId app, string os, CancellationToken cancellationToken = default)
    {
        var found = await shelf.FindAsync(app, os, cancellationToken);
        foreach (var catalog in _outside)
        {
            try
            {
                if (await catalog.FindAsync(app, os, cancellationToken) is { } more)
                {
                    found = found is null ? more : Join(found, more);
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                AppsLog.CatalogFailed(logger, catalog.GetType().Name, app, e); // one catalogue that is down is no reason to know nothing
            }
        }

        return found;
    }

    /// <summary>Sees to it that a package is on the shelf: fetches it, checks that it is what the catalogue says, and keeps it.</summary>
    /// <returns><c>null</c>: nobody knows such a package.</returns>
    /// <exception cref="SharingException"><see cref="ProblemCodes.FetchFailed"/>: it could not be fetched; <see cref="ProblemCodes.InvalidInput"/>: it is not what the catalogue says.</exception>
    public async Task<AppPackage?> TakeAsync(AppId app, string os, string sha256, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (await shelf.GetAsync(app, os, sha256, cancellationToken) is { } kept)
        {
            return kept;
        }

        if ((await FindAsync(app, os, cancellationToken))?.Packages.FirstOrDefault(package => package.Sha256 == sha256 && package.Address is not null) is not { } wanted)
        {
            return null;
        }

        var request = new TransferRequest
        {
            Key = $"app.{sha256}", Sources = [new HttpOriginSource(ClientFor(wanted.Address!), wanted.Address!)],
            MaxLength = wanted.Length > 0 ? Math.Min(wanted.Length, options.Value.MostPackageBytes) : options.Value.MostPackageBytes, Progress = progress,
        };
        await using var transfer = await engine.StartAsync(request, cancellationToken);
        var result = await transfer.Completion.WaitAsync(cancellationToken);
        return await shelf.AddAsync(result.Content, wanted, cancellationToken);
    }

    // What the operator named may be on his own network; other addresses are a stranger's.
    HttpClient ClientFor(Uri address) => http.CreateClient(fetching.Value.Services.Contains(address.Authority) || fetching.Value.Services.Contains($"{address.Host}:{address.Port}") ? GuardedClient.Services : GuardedClient.Name);

    static AppListing Join(AppListing first, AppListing more) => first with
    {
        Name = first.Name ?? more.Name, ShopLink = first.ShopLink ?? more.ShopLink,
        Packages = [.. first.Packages, .. more.Packages.Where(package => first.Packages.All(known => known.Sha256 != package.Sha256))],
    };
}
