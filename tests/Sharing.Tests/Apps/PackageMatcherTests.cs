using Sharing.Apps;

namespace Sharing.Tests.Apps;

public sealed class PackageMatcherTests
{
    static readonly AppId Player = AppId.Parse("org.example.player");

    static readonly DeviceProfile Phone = new()
    {
        Sdk = 33, Abis = ["arm64-v8a", "armeabi-v7a"], Width = 1080, Height = 2400, Density = 420, Model = "One", DeviceId = "d1", OsVersion = "13", GlEs = 0x00030002,
        Features = new Dictionary<string, int>(StringComparer.Ordinal) { ["android.hardware.camera"] = 0, ["android.hardware.vulkan.version"] = 0x401000 }, Textures = ["GL_KHR_texture_compression_astc_ldr"],
    };

    readonly PackageMatcher _matcher = new();

    static AppPackage Package(long code, Func<AppPackage, AppPackage>? change = null)
    {
        var package = new AppPackage { App = Player, VersionCode = code, Version = $"{code}.0", MinSdk = 21, TargetSdk = 33, Sha256 = $"{code:x64}", Length = 1000, Signers = [new() { FromSdk = 24, Certificates = ["aa"] }] };
        return change is null ? package : change(package);
    }

    static string[] Failures(AppMatch match) => [.. match.Candidates.Single().Failed.Select(static rule => rule.Rule)];

    [Fact]
    [Trait("Row", "A6")]
    public void The_newest_that_fits_wins()
    {
        var match = _matcher.Match(Phone, [Package(1), Package(3, p => p with { MinSdk = 34 }), Package(2)]);
        Assert.Equal(2, match.Best!.VersionCode);
        Assert.Equal([3, 2, 1], match.Candidates.Select(static candidate => candidate.Package.VersionCode));
        Assert.Equal("min-sdk: needs API 34, the device has API 33", match.Candidates[0].Failed.Single().ToString());
    }

    public static TheoryData<string, string> Rules => new()
    {
        { "os", "os" }, { "minSdk", "min-sdk" }, { "maxSdk", "max-sdk" }, { "target", "target-sdk" }, { "abi", "abi" }, { "feature", "feature" }, { "featureVersion", "feature" }, { "gl", "gl-es" },
        { "texture", "texture" }, { "screen", "screen-size" }, { "width", "smallest-width" }, { "compatible", "compatible-screens" }, { "scheme", "signature-scheme" }, { "unsigned", "signature-scheme" },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    [Trait("Row", "A9")]
    public void Each_rule_refuses_alone_and_says_so(string change, string rule)
    {
        var device = change == "target" ? Phone with { Sdk = 35 } : Phone;
        var package = Package(1, p => change switch
        {
            "os" => p with { Os = "debian" },
            "minSdk" => p with { MinSdk = 34 },
            "maxSdk" => p with { MaxSdk = 32 },
            "target" => p with { TargetSdk = 23 },
            "abi" => p with { Abis = ["x86", "x86_64"] },
            "feature" => p with { Features = [new("android.hardware.nfc")] },
            "featureVersion" => p with { Features = [new("android.hardware.vulkan.version", 0x402000)] },
            "gl" => p with { GlEs = 0x00030003 },
            "texture" => p with { Textures = ["GL_OES_compressed_ETC1_RGB8_texture"] },
            "screen" => p with { Screens = ScreenSizes.Small | ScreenSizes.ExtraLarge },
            "width" => p with { SmallestWidth = 600 },
            "compatible" => p with { CompatibleScreens = [new(ScreenSizes.Normal, 480), new(ScreenSizes.Large, 420)] },
            "scheme" => p with { Signers = [new() { FromSdk = 34, Certificates = ["aa"] }] },
            _ => p with { Signers = [] },
        });
        var match = _matcher.Match(device, [package]);
        Assert.Null(match.Best);
        Assert.Equal([rule], Failures(match));
        Assert.Same(match.Candidates[0], match.Nearest);
        var span = new PackageRules[1];
        Assert.Equal(-1, _matcher.Match(_matcher.Prepare(device), _matcher.Prepare([package]), null, span));
        Assert.NotEqual(PackageRules.None, span[0]);
    }

    [Fact]
    [Trait("Row", "A6")]
    public void What_a_device_does_not_say_is_not_asked()
    {
        var silent = new DeviceProfile { Sdk = 33, Abis = ["arm64-v8a"] };
        var picky = Package(1, p => p with { Features = [new("x")], GlEs = 9, Textures = ["t"], Screens = ScreenSizes.None, SmallestWidth = 1, CompatibleScreens = [new(ScreenSizes.Small, 1)] });
        Assert.NotNull(_matcher.Match(silent, [picky]).Best);
    }

    [Fact]
    [Trait("Row", "A6")]
    public void Of_one_version_the_device_takes_the_processor_it_likes_best_and_all_comes_last()
    {
        var (all, old, good) = (Package(1, p => p with { Sha256 = "1" }), Package(1, p => p with { Abis = ["armeabi-v7a"], Sha256 = "2", Length = 10 }), Package(1, p => p with { Abis = ["x86_64", "arm64-v8a"], Sha256 = "3" }));
        foreach (var order in new[] { new[] { all, old, good }, [good, old, all], [old, all, good] })
        {
            Assert.Equal("3", _matcher.Match(Phone, order).Best!.Sha256);
        }

        Assert.Equal("2", _matcher.Match(Phone, [all, old]).Best!.Sha256);
        Assert.Equal("1", _matcher.Match(Phone with { Abis = ["riscv64"] }, [all, old, good]).Best!.Sha256);
    }

    [Fact]
    [Trait("Row", "A6")]
    public void Only_the_signer_who_was_there_or_his_successor_comes_over_what_is_installed_and_nothing_older()
    {
        var installed = new InstalledApp { App = Player, VersionCode = 5, Certificates = ["aa"] };
        Assert.NotNull(_matcher.Match(Phone, [Package(5)], installed).Best);
        var other = _matcher.Match(Phone, [Package(6, p => p with { Signers = [new() { FromSdk = 24, Certificates = ["bb"] }] })], installed);
        Assert.Equal(["signer"], Failures(other));
        var rotated = Package(7, p => p with { Signers = [new() { FromSdk = 24, Certificates = ["zz"] }, new() { FromSdk = 28, Certificates = ["bb"], Earlier = ["aa"] }] });
        Assert.NotNull(_matcher.Match(Phone, [rotated], installed).Best);
        Assert.Equal(["signer"], Failures(_matcher.Match(Phone with { Sdk = 27 }, [rotated], installed)));
        Assert.Equal(["downgrade"], Failures(_matcher.Match(Phone, [Package(4)], installed)));
        var two = Package(8, p => p with { Signers = [new() { FromSdk = 24, Certificates = ["aa", "bb"] }] });
        Assert.Equal(["signer"], Failures(_matcher.Match(Phone, [two], installed)));

        // Who signed what was not fetched yet is not known: it fits a device without the app, and not one that has it.
        var elsewhere = Package(9, p => p with { Signers = [], Address = new("https://example.org/a.apk") });
        Assert.NotNull(_matcher.Match(Phone, [elsewhere]).Best);
        Assert.Equal(["signer"], Failures(_matcher.Match(Phone, [elsewhere], installed)));
    }

    [Fact]
    [Trait("Row", "A6")]
    public void The_operators_table_stands_above_the_rules_and_its_narrowest_row_decides()
    {
        CompatibilityOverride[] table =
        [
            new() { App = Player, VersionCode = 2, Model = "One", Verdict = OverrideVerdict.Deny, Reason = "It crashes there." },
            new() { App = Player, VersionCode = 1, Verdict = OverrideVerdict.Deny },
            new() { App = Player, VersionCode = 1, Model = "One", LongSide = 2400, Verdict = OverrideVerdict.Allow },
        ];
        var matcher = new PackageMatcher(table);
        var match = matcher.Match(Phone, [Package(1, p => p with { MinSdk = 34 }), Package(2)]);
        Assert.Equal(1, match.Best!.VersionCode);
        Assert.Equal(("table", "It crashes there."), match.Candidates[0].Failed.Select(static rule => (rule.Rule, rule.Wanted)).Single());
        Assert.Equal(2, matcher.Match(Phone with { Model = "Two" }, [Package(1), Package(2)]).Best!.VersionCode);
        Assert.Equal(["signature-scheme"], Failures(matcher.Match(Phone, [Package(1, p => p with { Signers = [] })]))); // no row vouches for a signer
        var prefers = new PackageMatcher([new() { App = Player, VersionCode = 1, Verdict = OverrideVerdict.Prefer }]);
        Assert.Equal(1, prefers.Match(Phone, [Package(1), Package(2)]).Best!.VersionCode);
        Assert.Equal(2, prefers.Match(Phone, [Package(1, p => p with { MinSdk = 99 }), Package(2)]).Best!.VersionCode);
    }

    [Fact]
    [Trait("Row", "A9")]
    public void A_rule_of_the_hosts_own_refuses_and_says_why()
    {
        var match = new PackageMatcher(rules: [new NoBigOnes()]).Match(Phone, [Package(2, p => p with { Length = 5000 }), Package(1)]);
        Assert.Equal(1, match.Best!.VersionCode);
        Assert.Equal(new FailedRule("size", "4000 bytes", "1 free"), match.Candidates[0].Failed.Single());
    }

    [Fact]
    [Trait("Row", "A9")]
    public void All_that_is_wrong_is_said_and_what_comes_nearest()
    {
        var (far, near) = (Package(9, p => p with { MinSdk = 34, Abis = ["x86"], GlEs = 0x00040000 }), Package(8, p => p with { Abis = ["x86"] }));
        var match = _matcher.Match(Phone, [near, far]);
        Assert.Equal(["min-sdk", "abi", "gl-es"], match.Candidates[0].Failed.Select(static rule => rule.Rule));
        Assert.Equal(8, match.Nearest!.Package.VersionCode);
        Assert.Equal("abi: needs x86, the device has arm64-v8a, armeabi-v7a", match.Nearest.Failed[0].ToString());
    }

    /// <summary>The winner does not depend on the order, or on what loses: pairwise it is a total order (antisymmetric, transitive).</summary>
    [Fact]
    [Trait("Row", "A6")]
    public void What_wins_is_a_total_order()
    {
        var random = new Random(5);
        for (var round = 0; round < 3000; round++)
        {
            var packages = Enumerable.Range(0, random.Next(2, 8)).Select(i => Any(random, i)).ToArray();
            var best = _matcher.Match(Phone, packages).Best;
            random.Shuffle(packages);
            Assert.Same(best, _matcher.Match(Phone, packages).Best);
            if (best is null)
            {
                Assert.All(packages, package => Assert.Null(_matcher.Match(Phone, [package]).Best));
                continue;
            }

            Assert.All(packages, other => Assert.Same(best, _matcher.Match(Phone, [other, best]).Best)); // who wins against all wins against each
            Assert.Same(best, _matcher.Match(Phone, packages.Where(other => other == best || random.Next(2) == 0)).Best);
        }
    }

    [Fact]
    [Trait("Row", "A6")]
    public void Matching_what_was_prepared_allocates_nothing_when_it_fits()
    {
        var packages = _matcher.Prepare(Enumerable.Range(1, 14).Select(code => Package(code, p => p with { Features = [new("android.hardware.camera")], Abis = ["arm64-v8a"] })));
        var device = _matcher.Prepare(Phone);
        var failed = new PackageRules[14];
        Assert.Equal(0, _matcher.Match(device, packages, null, failed));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            _matcher.Match(device, packages, null, failed);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    static AppPackage Any(Random random, int i) => Package(random.Next(1, 4), p => p with
    {
        MinSdk = random.Next(30, 36), Length = random.Next(1, 4), Sha256 = $"{random.Next(1000):x4}{i:x60}",
        Abis = random.Next(4) switch { 0 => [], 1 => ["arm64-v8a"], 2 => ["armeabi-v7a", "x86"], _ => ["x86"] },
    });

    sealed class NoBigOnes : IPackageRule
    {
        public FailedRule? Check(DeviceProfile device, AppPackage package) => package.Length > 4000 ? new("size", "4000 bytes", "1 free") : null;
    }
}
