namespace Sharing.Photos;

/// <summary>A picture file on this machine.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Length">How many bytes it has.</param>
/// <param name="Modified">When it was last written.</param>
public sealed record PhotoFile(string Path, long Length, DateTimeOffset Modified)
{
    static readonly HashSet<string> Endings = new(StringComparer.OrdinalIgnoreCase) { ".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".heif", ".avif", ".tif", ".tiff" };

    /// <summary>A file as it is now.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static PhotoFile Of(string path) => new FileInfo(path) is { Exists: true } file
        ? new(file.FullName, file.Length, new(file.LastWriteTimeUtc))
        : throw new FileNotFoundException("There is no such file.", path);

    /// <summary>The picture files in a folder and below it, by their names' endings, the oldest first; hidden ones are passed over.</summary>
    /// <exception cref="DirectoryNotFoundException">It is not there.</exception>
    public static IReadOnlyList<PhotoFile> In(string folder) =>
    [
        .. new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System })
            .Where(static file => Endings.Contains(file.Extension) && file.Length > 0)
            .Select(static file => new PhotoFile(file.FullName, file.Length, new(file.LastWriteTimeUtc)))
            .OrderBy(static file => file.Modified).ThenBy(static file => file.Path, StringComparer.Ordinal),
    ];
}
