using System.Runtime.CompilerServices;

namespace Sharing.Apps;

/// <summary>The packages in a folder: what somebody keeps, or pulled off his phone. What cannot be read is left out, and said.</summary>
/// <param name="folder">The folder.</param>
/// <param name="unreadable">Is told of a file that is no package, and why.</param>
public sealed class ApkFolderScanner(string folder, Action<string, PackageFormatException>? unreadable = null) : IAppScanner
{
    /// <inheritdoc/>
    public string Os => "android";

    /// <inheritdoc/>
    public async IAsyncEnumerable<InstalledApp> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*.apk").Order(StringComparer.Ordinal))
        {
            if (await Task.Run(() => Read(path), cancellationToken) is { } package)
            {
                yield return new()
                {
                    App = package.App, Name = package.Name, VersionCode = package.VersionCode, Version = package.Version, Certificates = package.Signers is [.., var newest] ? newest.Certificates : [],
                };
            }
        }
    }

    AppPackage? Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return ApkReader.Read(file);
        }
        catch (PackageFormatException e)
        {
            unreadable?.Invoke(path, e);
            return null;
        }
    }
}
