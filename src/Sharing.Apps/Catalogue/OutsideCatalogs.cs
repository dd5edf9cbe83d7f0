using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Apps;

/// <summary>The server's own shelf, and behind it the outside catalogues (row A8). Thread-safe singleton.</summary>
public sealed class OutsideCatalogs(AppShelf shelf, IEnumerable<IAppCatalog> outside, TransferEngine engine, IRecordStore records, IHttpClientFactory http, IOptions<AppsOptions> options, IOptions<FetchOptions> fetching, ILogger<OutsideCatalogs> logger)
{
    readonly IAppCatalog[] _outside = [.. outside];
    readonly Dictionary<string, Task<AppPackage>> _fetches = new(StringComparer.Ordinal);

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
    public async Task<AppPackage?> TakeAsync(AppId app, string os, string sha256, CancellationToken cancellationToken = default)
    {
        if (await shelf.GetAsync(app, os, sha256, cancellationToken) is { } kept)
        {
            return kept;
        }

        if ((await FindAsync(app, os, cancellationToken))?.Packages.FirstOrDefault(package => package.Sha256 == sha256 && package.Address is not null) is not { } wanted)
        {
            return null;
        }

        // Who comes while it is fetched waits for the same; who gives up leaves it to the others.
        Task<AppPackage> fetch;
        lock (_fetches)
        {
            if (!_fetches.TryGetValue(sha256, out fetch!))
            {
                _fetches[sha256] = fetch = Task.Run(() => FetchAsync(wanted), CancellationToken.None);
            }
        }

        return await fetch.WaitAsync(cancellationToken);
    }

    async Task<AppPackage> FetchAsync(AppPackage wanted)
    {
        try
        {
            return await shelf.GetAsync(wanted.App, wanted.Os, wanted.Sha256!) ?? await TransferAsync(wanted); // another fetch may have ended since it was looked for
        }
        finally
        {
            lock (_fetches)
            {
                _fetches.Remove(wanted.Sha256!);
            }
        }
    }

    async Task<AppPackage> TransferAsync(AppPackage wanted)
    {
        var request = new TransferRequest
        {
            Key = $"app.{wanted.Sha256}", Sources = [new HttpOriginSource(ClientFor(wanted.Address!), wanted.Address!)],
            MaxLength = wanted.Length > 0 ? Math.Min(wanted.Length, options.Value.MostPackageBytes) : options.Value.MostPackageBytes,
        };
        await using var transfer = await engine.StartAsync(request);
        var result = await transfer.Completion;
        try
        {
            return await shelf.AddAsync(result.Content, wanted, result.State, CancellationToken.None);
        }
        catch (SharingException e) when (e.Code == ProblemCodes.InvalidInput)
        {
            await records.CommitAsync(new RecordBatch().Delete(result.State, RecordBatch.Any)); // nobody wants it
            throw;
        }
    }

    // What the operator named may be on his own network; other addresses are a stranger's.
    HttpClient ClientFor(Uri address) => http.CreateClient(fetching.Value.Services.Contains($"{address.Host}:{address.Port}") ? GuardedClient.Services : GuardedClient.Name);

    static AppListing Join(AppListing first, AppListing more) => first with
    {
        Name = first.Name ?? more.Name, ShopLink = first.ShopLink ?? more.ShopLink,
        Packages = [.. first.Packages, .. more.Packages.Where(package => first.Packages.All(known => known.Sha256 != package.Sha256))],
    };
}
