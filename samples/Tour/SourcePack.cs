using System.Formats.Tar;
using System.IO.Compression;

namespace Sharing.Tour;

/// <summary>The repository's own sources, packed.</summary>
static class SourcePack
{
    public static byte[] Make()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Sharing.sln")))
        {
            root = Path.GetDirectoryName(root.TrimEnd(Path.DirectorySeparatorChar)) ?? throw new InvalidOperationException("The sources are not here.");
        }

        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(zip))
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                tar.WriteEntry(file, Path.GetRelativePath(root, file));
            }
        }

        return packed.ToArray();
    }
}
