using System.Net.Http.Json;
using Sharing.Core;

namespace Sharing.Tests.Apps.Own;

/// <summary>The apps of a vendor, who puts a file <c>app-id.json</c> beside the packages of each: a list of their version codes, addresses and hashes.</summary>
public sealed class VendorCatalog(IHttpClientFactory http, VendorAddress vendor) : IAppCatalog
{
    public async ValueTask<AppListing?> FindAsync(AppId app, string os, CancellationToken cancellationToken = default)
    {
        if (os != "android")
        {
            return null;
        }

        // The client that reaches no address inside the operator's network, unless he named it.
        using var answer = await http.CreateClient(GuardedClient.Services).GetAsync(new Uri(vendor.Address, $"{app}.json"), cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            return null;
        }

        var builds = await answer.Content.ReadFromJsonAsync<VendorBuild[]>(cancellationToken) ?? [];
        return new()
        {
            App = app,
            Packages = [.. builds.Select(build => new AppPackage { App = app, VersionCode = build.Code, MinSdk = build.MinSdk, Sha256 = build.Sha256, Address = new Uri(vendor.Address, build.File) })],
        };
    }
}

/// <summary>Where the vendor is.</summary>
public sealed record VendorAddress(Uri Address);

/// <summary>One of his packages.</summary>
public sealed record VendorBuild(long Code, int MinSdk, string File, string Sha256);
