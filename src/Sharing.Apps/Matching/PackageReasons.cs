using System.Globalization;

namespace Sharing.Apps;

/// <summary>Says in words what a flag says in short.</summary>
static class PackageReasons
{
    public static IEnumerable<FailedRule> Of(DeviceProfile device, AppPackage package, Requirements asked, PackageRules failed, InstalledApp? installed)
    {
        foreach (var rule in Enum.GetValues<PackageRules>())
        {
            if (rule is PackageRules.None or PackageRules.Own || !failed.HasFlag(rule))
            {
                continue;
            }

            if (rule == PackageRules.Feature)
            {
                foreach (var feature in Lacking(device, package))
                {
                    yield return feature;
                }
            }
            else
            {
                yield return Of(rule, device, package, asked, installed);
            }
        }
    }

    static FailedRule Of(PackageRules rule, DeviceProfile device, AppPackage package, Requirements asked, InstalledApp? installed) => rule switch
    {
        PackageRules.Os => new("os", package.Os, device.Os),
        PackageRules.MinSdk => new("min-sdk", $"API {package.MinSdk}", $"API {device.Sdk}"),
        PackageRules.MaxSdk => new("max-sdk", $"at most API {package.MaxSdk}", $"API {device.Sdk}"),
        PackageRules.TargetSdk => new("target-sdk", $"a platform that installs what was made for API {(package.TargetSdk > 0 ? package.TargetSdk : package.MinSdk)}", $"one that asks for {Requirements.TargetFloor(device)}"),
        PackageRules.Abi => new("abi", Any(package.Abis), List(device.Abis)),
        PackageRules.GlEs => new("gl-es", $"OpenGL ES {Gl(package.GlEs)}", Gl(device.GlEs)),
        PackageRules.Texture => new("texture", Any(package.Textures), List(device.Textures ?? [])),
        PackageRules.ScreenSize => new("screen-size", Text(package.Screens), Text(ScreenShape.Of(device).Size)),
        PackageRules.SmallestWidth => new("smallest-width", $"{package.SmallestWidth} dp", $"{ScreenShape.Of(device).SmallestWidth} dp"),
        PackageRules.CompatibleScreens => new(
            "compatible-screens", Any([.. package.CompatibleScreens.Select(static screen => $"{Text(screen.Size)} at {screen.Density} dpi")]),
            $"{Text(ScreenShape.Of(device).Size)} at {ScreenShape.Of(device).Density} dpi"),
        PackageRules.SignatureScheme => package.Signers is [var first, ..]
            ? new("signature-scheme", $"API {first.FromSdk} to check its signature", $"API {device.Sdk}")
            : new("signature-scheme", "a signature that can be trusted", null),
        PackageRules.Signer when package.Signers.Count == 0 => new("signer", "to be fetched before it is known who signed it", List(installed?.Certificates ?? [])),
        PackageRules.Signer => new("signer", $"what is installed to be signed by {List(asked.SignerFor(device.Sdk)?.Certificates ?? [])}", List(installed?.Certificates ?? [])),
        PackageRules.Downgrade => new("downgrade", $"at most version {package.VersionCode} to be installed", $"{installed?.VersionCode}"),
        _ => new("table", asked.RowFor(device)?.Reason ?? "another device", device.Model ?? device.DeviceId),
    };

    static IEnumerable<FailedRule> Lacking(DeviceProfile device, AppPackage package)
    {
        foreach (var feature in package.Features)
        {
            var has = device.Features!.TryGetValue(feature.Name, out var version);
            if (!has || version < feature.Version)
            {
                yield return new("feature", feature.Version == 0 ? feature.Name : $"{feature.Name} {feature.Version}", has ? Number(version) : null);
            }
        }
    }

    static string Gl(int version) => $"{version >> 16}.{version & 0xFFFF}";

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    static string Any(IReadOnlyList<string> texts) => string.Join(" or ", texts);

    static string? List(IReadOnlyList<string> texts) => texts.Count == 0 ? null : string.Join(", ", texts);

    static string Text(ScreenSizes sizes) => sizes.ToString().Replace("ExtraLarge", "extra large", StringComparison.Ordinal).ToLowerInvariant();
}
