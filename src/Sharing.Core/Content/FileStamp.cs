namespace Sharing.Core;

/// <summary>Tells whether a file was changed: its length, and when it was written last.</summary>
/// <param name="Length">In bytes.</param>
/// <param name="Modified">When it was written last, as exactly as the file system says.</param>
public readonly record struct FileStamp(long Length, DateTime Modified)
{
    /// <summary>A file as it is now; <c>null</c>: there is none.</summary>
    public static FileStamp? Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? new(file.Length, file.LastWriteTimeUtc) : null;
    }
}
