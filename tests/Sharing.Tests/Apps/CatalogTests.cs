using Sharing.Apps;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.Testing;
using Sharing.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Sharing.Tests.Apps;

public sealed class CatalogMatcherTests : CompatibilityMatcherSuite, IAsyncDisposable
{
    readonly List<SharingHost> _hosts = [];

    protected override async Task<ICompatibilityMatcher> CreateAsync(IReadOnlyList<AppPackage> packages)
    {
        var host = await AppHosts.StartAsync(packages);
        _hosts.Add(host);
        return host.Get<ICompatibilityMatcher>();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }
    }
}

public sealed class HttpMatcherTests : CompatibilityMatcherSuite, IAsyncDisposable
{
    readonly List<SharingHost> _hosts = [];

    protected override async Task<ICompatibilityMatcher> CreateAsync(IReadOnlyList<AppPackage> packages)
    {
        var host = await AppHosts.StartAsync(packages);
        _hosts.Add(host);
        return new HttpAppCatalog(host.Connect(), PersonId.Parse("anna"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }
    }
}

public sealed class HttpCatalogTests : AppCatalogSuite, IAsyncDisposable
{
    SharingHost? _host;

    protected override async Task<(IAppCatalog Catalog, AppListing Known)> CreateAsync()
    {
        var package = new AppPackage { App = AppId.Parse("org.example.player"), VersionCode = 4, MinSdk = 21, Sha256 = new string('a', 64), Address = new("https://apps.example.org/a.apk") };
        _host = await AppHosts.StartAsync([package]);
        return (new HttpAppCatalog(_host.Connect(), PersonId.Parse("anna")), new() { App = package.App, Packages = [package] });
    }

    public ValueTask DisposeAsync() => _host?.DisposeAsync() ?? default;
}

static class AppHosts
{
    public static Task<SharingHost> StartAsync(IReadOnlyList<AppPackage> packages) => SharingHost.StartAsync(
        sharing => sharing.AddApps(), services => services.AddSingleton<IAppCatalog>(new ListedCatalog(packages)), SharingRoles.Apps);

    sealed class ListedCatalog(IReadOnlyList<AppPackage> packages) : IAppCatalog
    {
        public ValueTask<AppListing?> FindAsync(AppId app, string os, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(packages.Where(package => package.App == app && package.Os == os).ToList() is { Count: > 0 } found ? new AppListing { App = app, Os = os, Packages = found } : null);
    }
}
