using Sharing.Apps;
using Xunit;

namespace Sharing.Testing;

/// <summary>What every <see cref="ICompatibilityMatcher"/> must do. Derive it, return one that knows the packages given, and run your tests.</summary>
public abstract class CompatibilityMatcherSuite
{
    static readonly AppId Player = AppId.Parse("org.example.player");

    static readonly DeviceProfile Phone = new() { Sdk = 30, Abis = ["arm64-v8a"], Width = 1080, Height = 1920, Density = 480, Features = new Dictionary<string, int>(StringComparer.Ordinal) { ["camera"] = 2 } };

    /// <summary>Ends with the test run.</summary>
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes one that knows these packages, which have no content.</summary>
    protected abstract Task<ICompatibilityMatcher> CreateAsync(IReadOnlyList<AppPackage> packages);

#pragma warning disable CS1591 // the names of the tests say it
    [Fact]
    public async Task An_app_that_nobody_knows_is_no_answer() =>
        Assert.Null(await (await CreateAsync([Package(1)])).MatchAsync(new() { App = AppId.Parse("org.example.other"), Device = Phone }, Cancel));

    [Fact]
    public async Task The_newest_that_fits_wins_in_whatever_order_they_are_known()
    {
        AppPackage[] packages = [Package(1), Package(2), Package(3) with { MinSdk = 31 }];
        foreach (var order in new[] { packages, packages.AsEnumerable().Reverse() })
        {
            var match = await (await CreateAsync([.. order])).MatchAsync(new() { App = Player, Device = Phone }, Cancel);
            Assert.Equal(2, match!.Best!.VersionCode);
            Assert.Equal([3, 2, 1], match.Candidates.Select(static candidate => candidate.Package.VersionCode));
        }
    }

    [Fact]
    public async Task Where_nothing_fits_every_candidate_says_all_that_is_wrong()
    {
        var matcher = await CreateAsync([Package(2) with { MinSdk = 31, Abis = ["x86"] }, Package(1) with { Features = [new("camera", 3), new("nfc")] }]);
        var match = await matcher.MatchAsync(new() { App = Player, Device = Phone }, Cancel);
        Assert.Null(match!.Best);
        Assert.Equal([new("min-sdk", "API 31", "API 30"), new("abi", "x86", "arm64-v8a")], match.Candidates[0].Failed);
        Assert.Equal([new FailedRule("feature", "camera 3", "2"), new("feature", "nfc", null)], match.Candidates[1].Failed);
        Assert.Equal(2, match.Nearest!.Package.VersionCode);
    }

    [Fact]
    public async Task What_is_installed_is_followed_by_its_signer_alone_and_by_nothing_older()
    {
        var matcher = await CreateAsync([Package(3) with { Signers = [new() { FromSdk = 24, Certificates = ["bb"] }] }, Package(2), Package(1)]);
        var match = await matcher.MatchAsync(new() { App = Player, Device = Phone, Installed = new() { App = Player, VersionCode = 2, Certificates = ["aa"] } }, Cancel);
        Assert.Equal(2, match!.Best!.VersionCode);
        Assert.Equal(["signer"], match.Candidates[0].Failed.Select(static rule => rule.Rule));
        Assert.Equal(["downgrade"], match.Candidates[2].Failed.Select(static rule => rule.Rule));
    }

    [Fact]
    public async Task The_answer_names_the_package_as_it_is_known()
    {
        var package = Package(1) with { Textures = ["t"], Screens = ScreenSizes.Normal | ScreenSizes.Large, CompatibleScreens = [new(ScreenSizes.Normal, 480)], GlEs = 0x30001, Name = "Player", MaxSdk = 40 };
        var best = (await (await CreateAsync([package])).MatchAsync(new() { App = Player, Device = Phone }, Cancel))!.Best!;
        Assert.Equal((package.Sha256, package.Name, package.Screens, package.MaxSdk, package.GlEs), (best.Sha256, best.Name, best.Screens, best.MaxSdk, best.GlEs));
        Assert.Equal(package.Signers.Single().Certificates, best.Signers.Single().Certificates);
        Assert.Equal(package.CompatibleScreens, best.CompatibleScreens);
    }

    static AppPackage Package(long code) => new()
    {
        App = Player, VersionCode = code, Version = $"{code}", MinSdk = 21, TargetSdk = 30, Sha256 = code.ToString("x64", System.Globalization.CultureInfo.InvariantCulture), Length = 1,
        Signers = [new() { FromSdk = 24, Certificates = ["aa"] }], Address = new("https://apps.example.org/a.apk"),
    };
}
