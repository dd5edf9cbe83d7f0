using Sharing.Core;

namespace Sharing.Apps;

/// <summary>Puts packages into a folder, for somebody to install.</summary>
public sealed class FolderInstaller(string folder) : IAppInstaller
{
    /// <inheritdoc/>
    public async Task<string> InstallAsync(AppPackage package, string file, CancellationToken cancellationToken = default)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, NameOf(package));
        var temporary = path + ".part";
        await using (var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read))
        await using (var to = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            await from.CopyToAsync(to, cancellationToken);
        }

        File.Move(temporary, path, overwrite: true);
        return path;
    }

    /// <summary>The name of a package's file: its id can hold nothing that a path would follow.</summary>
    public static string NameOf(AppPackage package) => $"{package.App}-{package.VersionCode.ToString(System.Globalization.CultureInfo.InvariantCulture)}{(package.Os == "debian" ? ".deb" : ".apk")}";
}
