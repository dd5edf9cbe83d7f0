using System.Text.Json;

namespace Sharing.Apps;

/// <summary>Reads what an index says of one app.</summary>
static class FdroidAppReader
{
    /// <summary>Reads an app.</summary>
    /// <param name="source">The repository.</param>
    /// <param name="name">The app's id, as the index has it.</param>
    /// <param name="value">What it says of it.</param>
    /// <exception cref="PackageFormatException">Something that must be said is missing or wrong.</exception>
    public static FdroidApp Read(FdroidSource source, string name, JsonElement value)
    {
        try
        {
            if (!AppId.TryParse(name, out var app))
            {
                throw IndexJson.Damaged();
            }

            var metadata = value.GetProperty("metadata");
            _ = (metadata.GetProperty("added").GetInt64(), metadata.GetProperty("lastUpdated").GetInt64());
            var title = TitleOf(metadata);
            var packages = value.TryGetProperty("versions", out var versions)
                ? versions.EnumerateObject().Select(version => ReadPackage(source, app, title, version.Value)).OrderByDescending(static one => one.Package.VersionCode).ThenBy(static one => one.Package.Sha256, StringComparer.Ordinal).ToList()
                : [];
            return new(app, title, Text(metadata, "preferredSigner")?.ToLowerInvariant(), packages);
        }
        catch (Exception fault) when (IndexJson.IsFormat(fault))
        {
            throw IndexJson.Damaged(fault);
        }
    }

    static FdroidPackage ReadPackage(FdroidSource source, AppId app, string? title, JsonElement version)
    {
        _ = version.GetProperty("added").GetInt64();
        var file = FdroidFile.Read(version.GetProperty("file"));
        var manifest = version.GetProperty("manifest");
        var sdk = manifest.TryGetProperty("usesSdk", out var uses) ? uses : default;
        var package = new AppPackage
        {
            App = app,
            Name = title,
            VersionCode = manifest.GetProperty("versionCode").GetInt64(),
            Version = manifest.GetProperty("versionName").GetString() ?? throw IndexJson.Damaged(),
            Sha256 = file.Sha256,
            Length = file.Length,
            MinSdk = Level(sdk, "minSdkVersion") ?? 1,
            TargetSdk = Level(sdk, "targetSdkVersion") ?? 0,
            MaxSdk = Level(manifest, "maxSdkVersion"),
            Abis = Texts(manifest, "nativecode", static abi => abi.GetString()),
            Features = [.. Texts(manifest, "features", static feature => feature.GetProperty("name").GetString()).Select(static feature => new PackageFeature(feature))],
            Signers = SignersOf(manifest),
        };
        return new(package, source.At(file.Name), Texts(version, "releaseChannels", static channel => channel.GetString()));
    }

    /// <summary>Who signed it, as the repository says: from which level on and by which scheme it does not say.</summary>
    static IReadOnlyList<PackageSigner> SignersOf(JsonElement manifest)
    {
        if (!manifest.TryGetProperty("signer", out var signer))
        {
            return [];
        }

        var certificates = Texts(signer, "sha256", static one => one.GetString()).Select(static one => one.ToLowerInvariant()).ToList();
        return certificates.Count > 0 && certificates.TrueForAll(FdroidEntry.IsSha256)
            ? [new PackageSigner { FromSdk = 1, Certificates = certificates }]
            : throw IndexJson.Damaged();
    }

    static string? TitleOf(JsonElement metadata)
    {
        if (!metadata.TryGetProperty("name", out var names))
        {
            return null;
        }

        var first = names.EnumerateObject().FirstOrDefault();
        return Text(names, "en-US") ?? Text(names, "en") ?? (first.Value.ValueKind == JsonValueKind.String ? first.Value.GetString() : null);
    }

    static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetString() : null;

    /// <summary>An API level; what is none is not said (levels of 0 and below, names of previews).</summary>
    static int? Level(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var level) && level > 0 ? level : null;

    static List<string> Texts(JsonElement of, string name, Func<JsonElement, string?> read) =>
        of.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(item => read(item) ?? throw IndexJson.Damaged())] : [];
}
