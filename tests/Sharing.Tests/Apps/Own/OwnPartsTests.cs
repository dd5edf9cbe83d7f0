using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Apps;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.Testing;
using Sharing.Tests.Apps.Packages;
using Sharing.Tests.Fetching;
using Sharing.Tests.Hosting;
using Sharing.Trials.Apk;

namespace Sharing.Tests.Apps.Own;

/// <summary>The rule and the catalogue of the page about matching: they are what the page says, and do what it says.</summary>
[Trait("Row", "A8")]
[Trait("Row", "A9")]
public sealed class OwnPartsTests : AppCatalogSuite, IAsyncDisposable
{
    static readonly AppId Settings = AppId.Parse("io.appium.settings");

    readonly string _apk = PackageFiles.Real.Single(static path => Path.GetFileName(path) == "settings-5.0.0.apk");
    LoopbackServer? _vendor;
    SharingHost? _host;

    [Theory]
    [InlineData("PageSizeRule")]
    [InlineData("VendorCatalog")]
    public void The_page_about_matching_has_exactly_this_code_and_it_is_short(string name)
    {
        var code = File.ReadAllText(Path.Combine(Laws.Repository.Root, $"tests/Sharing.Tests/Apps/Own/{name}.cs")).ReplaceLineEndings("\n").Trim();
        Assert.Contains("```csharp\n" + code + "\n```", File.ReadAllText(Path.Combine(Laws.Repository.Root, "docs/matching.md")).ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.True(code.Split('\n').Length < 50);
    }

    [Fact]
    public async Task What_the_catalogue_names_is_fetched_checked_and_kept_and_the_rule_is_asked()
    {
        await CreateAsync();
        var phone = new DeviceProfile { Sdk = 30, Abis = ["arm64-v8a"] };
        var matcher = _host!.Get<ICompatibilityMatcher>();
        var best = (await matcher.MatchAsync(new() { App = Settings, Device = phone }, Cancel))!.Best!;
        var kept = await _host.Get<OutsideCatalogs>().TakeAsync(Settings, "android", best.Sha256!, Cancel);
        Assert.Equal((Settings, new FileInfo(_apk).Length), (kept!.App, kept.Length));

        var native = new AppPackage { App = AppId.Parse("org.example.game"), VersionCode = 1, TargetSdk = 34, Abis = ["arm64-v8a"] };
        var rules = new PackageMatcher(rules: _host.Services.GetServices<IPackageRule>());
        var large = phone with { Model = "16 KiB" };
        Assert.Equal("page-size: needs pages of 4 KiB (made for API 34), the device has pages of 16 KiB", rules.Match(large, [native]).Nearest!.Failed.Single(static rule => rule.Rule == "page-size").ToString());
        Assert.DoesNotContain(rules.Match(phone, [native]).Candidates[0].Failed, static rule => rule.Rule == "page-size");
    }

    protected override async Task<(IAppCatalog Catalog, AppListing Known)> CreateAsync()
    {
        var bytes = await File.ReadAllBytesAsync(_apk, Cancel);
        var build = new VendorBuild(52, 21, "settings.apk", Convert.ToHexStringLower(SHA256.HashData(bytes)));
        var list = JsonSerializer.SerializeToUtf8Bytes(new[] { build }, JsonSerializerOptions.Web);
        _vendor = await LoopbackServer.StartAsync(context => (context.Request.Path.Value switch
        {
            "/io.appium.settings.json" => Results.Bytes(list, "application/json"),
            "/settings.apk" => Results.Bytes(bytes, enableRangeProcessing: true),
            _ => Results.NotFound(),
        }).ExecuteAsync(context));
        var address = new Uri(_vendor.Address + "/");
        _host = await SharingHost.StartAsync(
            sharing => sharing.AddApps().AddPackageRule<PageSizeRule>().AddAppCatalog<VendorCatalog>()
                .WithFetching(fetching => fetching.Services.Add(address.Authority)).Services.AddSingleton(new VendorAddress(address)),
            roles: SharingRoles.Apps);
        var package = new AppPackage { App = Settings, VersionCode = 52, MinSdk = 21, Sha256 = build.Sha256, Address = new(address, build.File) };
        return (_host.Services.GetServices<IAppCatalog>().OfType<VendorCatalog>().Single(), new() { App = Settings, Packages = [package] });
    }

    public async ValueTask DisposeAsync()
    {
        await (_host?.DisposeAsync() ?? default);
        await (_vendor?.DisposeAsync() ?? default);
    }
}
