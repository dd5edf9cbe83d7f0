using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Apps;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.Tests.Apps.Packages;
using Sharing.Tests.Content;
using Sharing.Tests.Fetching;
using Sharing.Tests.Hosting;
using Sharing.Trials.Apk;

namespace Sharing.Tests.Apps;

/// <summary>One tap, with real packages, from a server that keeps them, one that looks elsewhere, and one that lies.</summary>
[Collection(FdroidStates.Name)]
public sealed class AppDownloadTests(FdroidStates states) : IAsyncDisposable
{
    static readonly PersonId Anna = PersonId.Parse("anna");
    static readonly AppId Settings = AppId.Parse("io.appium.settings");

    static readonly DeviceProfile Phone = new() { Sdk = 30, Abis = ["arm64-v8a"], Width = 1080, Height = 1920, Density = 480 };

    readonly TemporaryFolder _folder = new();
    SharingHost? _host;
    ServiceProvider? _terminal;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await (_terminal?.DisposeAsync() ?? default);
        await (_host?.DisposeAsync() ?? default);
        _folder.Dispose();
    }

    async Task<AppGetter> StartAsync(Action<SharingBuilder>? more = null)
    {
        _host = await SharingHost.StartAsync(
            sharing =>
            {
                sharing.AddApps();
                more?.Invoke(sharing);
            },
            roles: SharingRoles.Apps);
        _terminal = new ServiceCollection().AddLogging().AddSharing(sharing => sharing
            .UseApps(_host.Address, null, Anna, (_, person, _) => ValueTask.FromResult(person is { } one ? SharingHost.TokenOf(one) : null))).BuildServiceProvider();
        return _terminal.GetRequiredService<AppGetter>();
    }

    async Task ShelveAsync(params string[] names)
    {
        foreach (var name in names)
        {
            await using var file = File.OpenRead(PackageFiles.Real.Single(path => Path.GetFileNameWithoutExtension(path) == name));
            await _host!.Get<AppShelf>().AddAsync(file, Cancel);
        }
    }

    FolderInstaller Installer => new(_folder.Join("installed"));

    [Fact]
    [Trait("Row", "A6")]
    public async Task One_tap_brings_the_newest_that_fits_byte_for_byte_to_the_installer()
    {
        var getter = await StartAsync();
        await ShelveAsync("settings-2.14.2", "settings-8.0.10", "settings-5.0.0");
        foreach (var (sdk, file) in new[] { (30, "settings-8.0.10"), (25, "settings-5.0.0"), (18, "settings-2.14.2") })
        {
            var gotten = await getter.GetAsync(new() { App = Settings, Device = Phone with { Sdk = sdk } }, Installer, cancellationToken: Cancel);
            Assert.Equal(await File.ReadAllBytesAsync(PackageFiles.Real.Single(path => path.Contains(file, StringComparison.Ordinal)), Cancel), await File.ReadAllBytesAsync(gotten!.Installed!, Cancel));
        }
    }

    [Fact]
    [Trait("Row", "A6")]
    public async Task What_is_installed_is_followed_only_by_its_own_signer()
    {
        var getter = await StartAsync();
        await ShelveAsync("settings-2.14.2", "settings-5.0.0", "settings-8.0.10"); // three keys
        var old = (await _host!.Get<AppShelf>().FindAsync(Settings, "android", Cancel))!.Packages.Single(static package => package.VersionCode == 19);
        var installed = new InstalledApp { App = Settings, VersionCode = 19, Certificates = old.Signers[0].Certificates };
        var gotten = await getter.GetAsync(new() { App = Settings, Device = Phone, Installed = installed }, Installer, cancellationToken: Cancel);
        Assert.Equal(19, gotten!.Match.Best!.VersionCode);
        Assert.All(gotten.Match.Candidates.Take(2), static candidate => Assert.Equal(["signer"], candidate.Failed.Select(static rule => rule.Rule)));
    }

    [Fact]
    [Trait("Row", "A6")]
    public async Task A_server_that_says_that_another_signers_package_fits_is_not_believed()
    {
        await StartAsync();
        await ShelveAsync("settings-8.0.10");
        var kept = (await _host!.Get<AppShelf>().FindAsync(Settings, "android", Cancel))!.Packages.Single();
        var (said, terminal) = (new AppMatch { Best = kept with { Signers = [] } }, _terminal!);
        var getter = new AppGetter(
            new Liar(said),
            package => new HttpOriginSource(terminal.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Services), new(_host.Address, HttpAppCatalog.PathOf(package)), _ => ValueTask.FromResult<string?>(SharingHost.TokenOf(Anna))),
            terminal.GetRequiredService<TransferEngine>(), terminal.GetRequiredService<IContentStore>(), terminal.GetRequiredService<IRecordStore>());
        var request = new AppRequest { App = Settings, Device = Phone, Installed = new() { App = Settings, VersionCode = 19, Certificates = [new string('a', 64)] } };
        var fault = await Assert.ThrowsAsync<SharingException>(() => getter.GetAsync(request, Installer, cancellationToken: Cancel));
        Assert.Equal(ProblemCodes.InvalidInput, fault.Code);
        Assert.Contains("signer", fault.Message, StringComparison.Ordinal);
        Assert.NotNull((await getter.GetAsync(request with { Installed = null }, Installer, cancellationToken: Cancel))!.Installed);
    }

    [Fact]
    [Trait("Row", "A9")]
    public async Task Where_nothing_fits_nothing_is_fetched_and_the_terminal_is_told_why()
    {
        var getter = await StartAsync();
        await ShelveAsync("settings-5.0.0", "settings-8.0.10");
        var gotten = await getter.GetAsync(new() { App = Settings, Device = Phone with { Sdk = 20 } }, Installer, cancellationToken: Cancel);
        Assert.Null(gotten!.Installed);
        Assert.Equal("min-sdk: needs API 21, the device has API 20", gotten.Match.Candidates[1].Failed[0].ToString());
        Assert.Equal("5.0.0", gotten.Match.Nearest!.Package.Version);
        Assert.False(Directory.Exists(_folder.Join("installed")));
        Assert.Null(await getter.GetAsync(new() { App = AppId.Parse("org.example.nowhere"), Device = Phone }, Installer, cancellationToken: Cancel));
    }

    [Fact]
    [Trait("Row", "A7")]
    public async Task A_platform_with_a_shop_of_its_own_gets_the_shops_link()
    {
        var getter = await StartAsync();
        var shop = new Uri("https://apps.apple.com/app/id1");
        await _host!.Get<AppShelf>().LinkAsync(Settings, "ios", shop, Cancel);
        var gotten = await getter.GetAsync(new() { App = Settings, Device = new() { Os = "ios", Sdk = 17 } }, Installer, cancellationToken: Cancel);
        Assert.Equal((shop, null), (gotten!.Match.ShopLink, gotten.Installed));
        foreach (var elsewhere in new[] { "https://apps.apple.com.evil.example/x", "http://apps.apple.com/x", "https://evil.example/" })
        {
            Assert.Equal(ProblemCodes.InvalidInput, (await Assert.ThrowsAsync<SharingException>(() => _host.Get<AppShelf>().LinkAsync(Settings, "ios", new(elsewhere), Cancel))).Code);
        }
    }

    [Fact]
    [Trait("Row", "A8")]
    public async Task What_the_server_lacks_is_found_in_an_F_Droid_repository_fetched_checked_and_kept()
    {
        await using var site = await FdroidSite.StartAsync(states, state: 2);
        var getter = await StartAsync(sharing => sharing.AddFdroid(new(site.Address)));
        var one = AppId.Parse("org.example.one");
        var gotten = await getter.GetAsync(new() { App = one, Device = Phone }, Installer, cancellationToken: Cancel);
        Assert.Equal(2, gotten!.Match.Best!.VersionCode);
        Assert.Equal(site.File("org.example.one_2.apk"), await File.ReadAllBytesAsync(gotten.Installed!, Cancel));
        var asked = site.Asked.Count();
        Assert.NotNull((await _host!.Get<AppShelf>().FindAsync(one, "android", Cancel))!.Packages.Single().Content);
        await getter.GetAsync(new() { App = one, Device = Phone }, Installer, cancellationToken: Cancel);
        Assert.Equal(asked, site.Asked.Count()); // kept
    }

    [Fact]
    [Trait("Row", "A8")]
    public async Task Many_who_want_what_the_server_lacks_make_one_download_which_outlives_the_first_and_leaves_nothing_behind()
    {
        await using var site = await FdroidSite.StartAsync(states, state: 2);
        await StartAsync(sharing => sharing.AddFdroid(new(site.Address)));
        var (catalogs, two) = (_host!.Get<OutsideCatalogs>(), AppId.Parse("org.example.two"));
        var hash = (await catalogs.FindAsync(two, "android", Cancel))!.Packages.Single().Sha256!;
        using var gone = new CancellationTokenSource();
        var first = catalogs.TakeAsync(two, "android", hash, gone.Token);
        var others = Enumerable.Range(0, 8).Select(_ => catalogs.TakeAsync(two, "android", hash, Cancel)).ToList();
        await gone.CancelAsync();
        Assert.All(await Task.WhenAll(others), static package => Assert.NotNull(package!.Content));
        Assert.True(await Xunit.Record.ExceptionAsync(() => first) is null or OperationCanceledException);
        Assert.Single(site.Asked, static path => path == "org.example.two_7.apk");
        Assert.DoesNotContain(await _host.Get<IRecordStore>().ScanAsync(RecordRange.Under("transfer"), Cancel).Select(static record => record.Key.ToString()).ToListAsync(Cancel), key => key.Contains(hash, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Row", "A8")]
    public async Task A_repository_that_serves_another_file_than_it_names_is_not_believed()
    {
        await using var site = await FdroidSite.StartAsync(states, state: 2);
        var getter = await StartAsync(sharing => sharing.AddFdroid(new(site.Address)));
        site.Files["org.example.one_2.apk"] = site.File("org.example.two_7.apk");
        var failed = await Assert.ThrowsAnyAsync<Exception>(() => getter.GetAsync(new() { App = AppId.Parse("org.example.one"), Device = Phone }, Installer, cancellationToken: Cancel));
        Assert.IsType<SharingException>(failed);
        Assert.False(Directory.Exists(_folder.Join("installed")));
        Assert.Null(await _host!.Get<AppShelf>().FindAsync(AppId.Parse("org.example.one"), "android", Cancel));
    }

    [Theory]
    [InlineData("v2-tampered")]
    [InlineData("dup-v2-last")]
    [InlineData("dup-v2-first")]
    [InlineData("v123-stripped")]
    [InlineData("unsigned")]
    [InlineData("bomb")]
    [Trait("Row", "A8")]
    public async Task What_is_not_what_its_signer_made_is_not_kept(string name)
    {
        await StartAsync();
        await using var file = File.OpenRead(PackageFiles.Made(name));
        Assert.Equal(ProblemCodes.InvalidInput, (await Assert.ThrowsAsync<SharingException>(() => _host!.Get<AppShelf>().AddAsync(file, Cancel))).Code);
    }

    [Fact]
    [Trait("Row", "A3")]
    public async Task Scanners_read_what_is_installed_and_leave_out_what_they_cannot()
    {
        var folder = _folder.Join("apks");
        Directory.CreateDirectory(folder);
        File.Copy(PackageFiles.Real.Single(static path => path.Contains("settings-5.0.0", StringComparison.Ordinal)), Path.Combine(folder, "a.apk"));
        File.Copy(PackageFiles.Made("truncated"), Path.Combine(folder, "b.apk"));
        List<string> unreadable = [];
        var found = await new ApkFolderScanner(folder, (path, _) => unreadable.Add(Path.GetFileName(path))).ScanAsync(Cancel).SingleAsync(Cancel);
        Assert.Equal((Settings, 52L, "5.0.0"), (found.App, found.VersionCode, found.Version));
        Assert.Equal(["b.apk"], unreadable);
        Assert.Contains(await new DpkgScanner().ScanAsync(Cancel).ToListAsync(Cancel), static app => app.App.Value == "dpkg" && app.Version is not null);
        var list = _folder.Join("list.json");
        await File.WriteAllTextAsync(list, """{"apps":[{"packageName":"org.a","versionCode":3,"versionName":"1"},{"packageName":"../x"}],"other":{"app":"org.b","signer":"AA"}}""", Cancel);
        Assert.Equal(["org.a 3 1 ", "org.b 0  aa"], await new ListFileScanner(list).ScanAsync(Cancel).Select(static app => $"{app.App} {app.VersionCode} {app.Version} {string.Join(',', app.Certificates)}").ToListAsync(Cancel));
        await File.WriteAllTextAsync(list, "{", Cancel);
        await Assert.ThrowsAsync<SharingException>(async () => await new ListFileScanner(list).ScanAsync(Cancel).ToListAsync(Cancel));
    }

    sealed class Liar(AppMatch says) : ICompatibilityMatcher
    {
        public ValueTask<AppMatch?> MatchAsync(AppRequest request, CancellationToken cancellationToken = default) => ValueTask.FromResult<AppMatch?>(says);
    }

    [Theory]
    [Trait("Row", "A8")]
    [InlineData("nothing", null)]
    [InlineData("hash", "SHA-256")]
    [InlineData("id", "its id")]
    [InlineData("version", "its version")]
    [InlineData("signer", "who signed it")]
    public async Task What_comes_from_outside_must_be_what_the_catalogue_says_it_is(string wrong, string? said)
    {
        var path = PackageFiles.Real.Single(static file => Path.GetFileName(file) == "settings-5.0.0.apk");
        await using var apk = File.OpenRead(path);
        var truth = ApkReader.Read(apk, Cancel);
        await using var vendor = await LoopbackServer.StartAsync(context => Results.File(path, enableRangeProcessing: true).ExecuteAsync(context));
        var promised = truth with
        {
            Address = new Uri(vendor.Address + "/a.apk"), App = wrong == "id" ? AppId.Parse("org.example.other") : truth.App, VersionCode = wrong == "version" ? 53 : truth.VersionCode,
            Sha256 = wrong == "hash" ? new string('0', 64) : truth.Sha256, Signers = wrong == "signer" ? [new() { FromSdk = 1, Certificates = [new string('b', 64)] }] : truth.Signers,
        };
        await StartAsync(sharing => sharing.WithFetching(fetching => fetching.Services.Add($"127.0.0.1:{vendor.Port}")).AddAppCatalog<Says>().Services.AddSingleton(promised));
        var catalogs = _host!.Get<OutsideCatalogs>();
        if (said is null)
        {
            Assert.NotNull(await catalogs.TakeAsync(promised.App, "android", promised.Sha256!, Cancel));
            return;
        }

        var fault = await Assert.ThrowsAsync<SharingException>(() => catalogs.TakeAsync(promised.App, "android", promised.Sha256!, Cancel));
        Assert.Equal(ProblemCodes.InvalidInput, fault.Code);
        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
        Assert.Null(await _host.Get<AppShelf>().FindAsync(promised.App, "android", Cancel));
        Assert.Null(await _host.Get<AppShelf>().FindAsync(truth.App, "android", Cancel));
    }

    sealed class Says(AppPackage package) : IAppCatalog
    {
        public ValueTask<AppListing?> FindAsync(AppId app, string os, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(app == package.App ? new AppListing { App = app, Packages = [package] } : null);
    }
}
