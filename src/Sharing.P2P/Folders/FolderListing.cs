using System.IO.Enumeration;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>What of a folder is shared: its files and those of the folders in it, but for hidden and unfinished ones. Links are not followed: they could lead out of it.</summary>
static class FolderListing
{
    static readonly string[] Unfinished = [".tmp", ".temp", ".part", ".partial", ".crdownload", ".download", ".swp", ".aria2", ".!qb", ".bak~"];

    static readonly EnumerationOptions Options = new()
    {
        RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None, ReturnSpecialDirectories = false,
    };

    /// <summary>The files, by their paths from the folder on, with slashes.</summary>
    /// <exception cref="IOException">The folder is not there, or cannot be read: that does not mean that its files are deleted.</exception>
    public static Dictionary<string, FileStamp> Read(string folder)
    {
        var files = new Dictionary<string, FileStamp>(StringComparer.Ordinal);
        var found = new FileSystemEnumerable<(string Path, FileStamp Stamp)>(
            folder, static (ref FileSystemEntry entry) => (entry.ToFullPath(), new(entry.Length, entry.LastWriteTimeUtc.UtcDateTime)), Options)
        {
            ShouldIncludePredicate = static (ref FileSystemEntry entry) => !entry.IsDirectory && IsShared(ref entry) && !IsUnfinished(entry.FileName),
            ShouldRecursePredicate = static (ref FileSystemEntry entry) => IsShared(ref entry),
        };
        foreach (var (path, stamp) in found)
        {
            files[Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/')] = stamp;
        }

        return files;
    }

    /// <summary>Whether the name is one that programs give to what they have not finished.</summary>
    public static bool IsUnfinished(ReadOnlySpan<char> name)
    {
        if (name.EndsWith("~") || name.StartsWith("~$"))
        {
            return true;
        }

        foreach (var ending in Unfinished)
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    static bool IsShared(ref FileSystemEntry entry) =>
        !entry.FileName.StartsWith(".") && (entry.Attributes & (FileAttributes.ReparsePoint | FileAttributes.Hidden | FileAttributes.System | FileAttributes.Device)) == 0;
}
