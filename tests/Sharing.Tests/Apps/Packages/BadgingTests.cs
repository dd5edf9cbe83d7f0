using System.Globalization;
using System.Text.RegularExpressions;
using Sharing.Apps;
using Sharing.Trials.Apk;

namespace Sharing.Tests.Apps.Packages;

[Trait("Row", "A6")]
public sealed partial class BadgingTests
{
    /// <remarks>One thing is left out: where a manifest says <c>requiresSmallestWidthDp</c>, aapt derives the sizes of screens from it and leaves tablets out; here the width itself is compared with the device's.</remarks>
    [Fact]
    public void Every_manifest_says_what_aapt_reads_in_it()
    {
        var differences = new List<string>();
        var compared = 0;
        foreach (var apk in PackageFiles.All)
        {
            if (PackageFiles.Oracle(apk, "badging") is not { } badging)
            {
                continue;
            }

            using var stream = File.OpenRead(apk);
            var package = ApkReader.ReadManifest(stream);
            var (expected, actual) = (Expected(badging), Actual(package));
            compared += expected.Count;
            differences.AddRange(expected.Except(actual).Select(line => $"{Path.GetFileName(apk)} lacks {line}"));
            differences.AddRange(actual.Except(expected).Select(line => $"{Path.GetFileName(apk)} has {line}"));
        }

        Assert.Empty(differences);
        Assert.InRange(compared, 300, int.MaxValue);
    }

    [Fact]
    public void The_upper_half_of_a_version_code_and_a_label_in_resources_are_read()
    {
        using var plain = File.OpenRead(PackageFiles.Made("plain"));
        var package = ApkReader.ReadManifest(plain);
        Assert.Equal((2L << 32) | 9, package.VersionCode);
        Assert.Equal("4.5-ref", package.Version);
        Assert.Equal(ScreenSizes.Small | ScreenSizes.Normal | ScreenSizes.Large, package.Screens);
        using var full = File.OpenRead(PackageFiles.Made("full"));
        package = ApkReader.ReadManifest(full);
        Assert.Equal("The Label", package.Name);
        Assert.Equal("1.2 🚀", package.Version);
        Assert.Equal(ScreenSizes.Normal | ScreenSizes.Large | ScreenSizes.ExtraLarge, package.Screens);
        Assert.Equal(320, package.SmallestWidth);
        Assert.Contains(new PackageFeature("android.hardware.vulkan.version", 1), package.Features);
        Assert.DoesNotContain(package.Features, feature => feature.Name is "android.hardware.nfc" or "android.hardware.camera");
        Assert.Equal((full.Length, ""), (package.Length, package.Sha256 ?? ""));
        Assert.Empty(package.Signers);
    }

    static HashSet<string> Expected(string[] badging)
    {
        var facts = new HashSet<string>(StringComparer.Ordinal);
        var wide = badging.Any(line => line.StartsWith("requires-smallest-width", StringComparison.Ordinal));
        foreach (var line in badging)
        {
            var (key, colon) = (line.Trim(), line.IndexOf(':', StringComparison.Ordinal));
            key = colon < 0 ? key : line[..colon].Trim();
            var values = Quoted().Matches(line).Select(match => match.Groups[1].Value).ToArray();
            facts.UnionWith(key switch
            {
                "package" => [$"app {values[0]}", $"code {(values[1].Length == 0 ? "0" : values[1])}", $"version {values[2]}"],
                "sdkVersion" or "targetSdkVersion" or "maxSdkVersion" or "requires-smallest-width" => [$"{key} {values[0]}"],
                "native-code" or "supports-gl-texture" => values.Select(value => $"{key} {value}"),
                "compatible-screens" => values.Select(value => $"{key} {value}"),
                "supports-screens" when !wide => values.Select(value => $"{key} {value}"),
                "uses-feature" => [$"feature {values[0]} {(values.Length > 1 ? values[1] : "0")}"],
                "uses-gl-es" => [$"gl {values[0]}"],
                "application-label" => [$"label {line[(colon + 2)..^1].Replace("\\'", "'", StringComparison.Ordinal)}"],
                _ => Array.Empty<string>(),
            });
        }

        return facts;
    }

    static HashSet<string> Actual(AppPackage package)
    {
        var facts = new HashSet<string>(StringComparer.Ordinal) { $"app {package.App}", $"code {(uint)package.VersionCode}", $"version {package.Version}", $"sdkVersion {package.MinSdk}" };
        facts.UnionWith(package.TargetSdk > 0 ? [$"targetSdkVersion {package.TargetSdk}"] : []);
        facts.UnionWith(package.MaxSdk is { } most ? [$"maxSdkVersion {most}"] : []);
        facts.UnionWith(package.SmallestWidth > 0 ? [$"requires-smallest-width {package.SmallestWidth}"] : []);
        facts.UnionWith(package.Abis.Select(abi => $"native-code {abi}"));
        facts.UnionWith(package.Textures.Select(texture => $"supports-gl-texture {texture}"));
        facts.UnionWith(package.CompatibleScreens.Select(screen => $"compatible-screens {Size(screen.Size)}/{screen.Density}"));
        facts.UnionWith(package.Features.Select(feature => $"feature {feature.Name} {feature.Version}"));
        facts.UnionWith(package.GlEs > 0 ? ["gl 0x" + package.GlEs.ToString("x", CultureInfo.InvariantCulture)] : []);
        facts.UnionWith(package.Name is { } name ? [$"label {name}"] : []);
        facts.UnionWith(package.SmallestWidth > 0 ? [] : Enum.GetValues<ScreenSizes>().Where(size => size is not (ScreenSizes.None or ScreenSizes.All) && package.Screens.HasFlag(size))
            .Select(size => $"supports-screens {(size == ScreenSizes.ExtraLarge ? "xlarge" : size.ToString().ToLowerInvariant())}"));
        return facts;
    }

    static int Size(ScreenSizes size) => size switch { ScreenSizes.Small => 200, ScreenSizes.Normal => 300, ScreenSizes.Large => 400, _ => 500 };

    [GeneratedRegex("'((?:[^'\\\\]|\\\\.)*)'", RegexOptions.None, 1000)]
    private static partial Regex Quoted();
}
