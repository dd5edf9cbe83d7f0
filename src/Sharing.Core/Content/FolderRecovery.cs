using Microsoft.Win32.SafeHandles;

namespace Sharing.Core;

/// <summary>What happens once when a content folder is opened.</summary>
static class FolderRecovery
{
    /// <summary>Makes the folder if need be and takes it for this process; the lock ends with the handle, also when the process dies.</summary>
    public static SafeFileHandle Lock(FolderLayout layout)
    {
        DurableFile.CreateDirectory(layout.Root);
        try
        {
            return File.OpenHandle(layout.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault) when (IsHeld(fault))
        {
            throw new SharingException(ProblemCodes.Conflict, $"The content folder '{layout.Root}' is in use by another process or store.", fault);
        }
    }

    /// <summary>Deletes groups without data, which a crash within a publish or a deletion leaves behind, and makes every name durable that
    /// an earlier process gave without living to flush it: whoever finds a content may rely on it.</summary>
    public static void Run(FolderLayout layout)
    {
        DurableFile.CreateDirectory(layout.Contents);
        DurableFile.CreateDirectory(layout.Partials);
        foreach (var directory in Directory.GetDirectories(layout.Contents))
        {
            Clean(directory, dataSuffix: "");
            DurableFile.FlushDirectory(directory);
        }

        Clean(layout.Partials, FolderLayout.DataSuffix);
        DurableFile.FlushDirectory(layout.Partials);
        DurableFile.FlushDirectory(layout.Contents);
        DurableFile.FlushDirectory(layout.Root);
    }

    static void Clean(string directory, string dataSuffix)
    {
        var paths = Directory.GetFiles(directory).ToHashSet(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            if (path.EndsWith(FolderLayout.GroupsSuffix, StringComparison.Ordinal)
                && !paths.Contains(path[..^FolderLayout.GroupsSuffix.Length] + dataSuffix))
            {
                File.Delete(path);
            }
        }
    }

    // EWOULDBLOCK of flock, ERROR_SHARING_VIOLATION of Windows.
    static bool IsHeld(IOException fault) => OperatingSystem.IsWindows()
        ? (fault.HResult & 0xFFFF) == 32
        : fault.HResult == (OperatingSystem.IsLinux() ? 11 : 35);
}
