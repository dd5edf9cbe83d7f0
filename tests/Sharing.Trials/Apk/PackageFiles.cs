using System.IO.Compression;

namespace Sharing.Trials.Apk;

/// <summary>The APKs that tests/data/apks/fetch.sh fetched and made, and what Android's own tools say about them.</summary>
static class PackageFiles
{
    static readonly Lazy<string> s_folder = new(static () => ScriptedFolder.Make("apks/fetch.sh", "sharing-test-apks"));

    public static string Folder => s_folder.Value;

    public static string[] All => [.. Directory.GetFiles(Path.Combine(Folder, "real"), "*.apk").Concat(Directory.GetFiles(Path.Combine(Folder, "made"), "*.apk")).Order(StringComparer.Ordinal)];

    public static string[] Real => [.. Directory.GetFiles(Path.Combine(Folder, "real"), "*.apk").Order(StringComparer.Ordinal)];

    public static string Made(string name) => Path.Combine(Folder, "made", name.Contains('.', StringComparison.Ordinal) ? name : name + ".apk");

    public static byte[] Bytes(string name) => File.ReadAllBytes(Made(name));

    /// <summary>The lines of an oracle; <c>null</c>: the tool refused the file.</summary>
    public static string[]? Oracle(string apk, string kind) =>
        Path.Combine(Folder, "oracle", $"{Path.GetFileNameWithoutExtension(apk)}.{kind}") is var path && File.Exists(path) ? File.ReadAllLines(path) : null;

    public static string Key(string name) => File.ReadAllText(Made(name + ".sha256")).Trim();

    /// <summary>An entry of a package: a path, or the name of one that was made.</summary>
    public static byte[] Entry(string apk, string name)
    {
        using var zip = ZipFile.OpenRead(File.Exists(apk) ? apk : Made(apk));
        using var entry = zip.GetEntry(name)!.Open();
        using var content = new MemoryStream();
        entry.CopyTo(content);
        return content.ToArray();
    }
}
