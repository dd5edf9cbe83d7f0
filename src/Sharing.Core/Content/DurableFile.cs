using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Sharing.Core;

/// <summary>The one seam through which files become durable: what it returned from survives a power cut.</summary>
/// <remarks>.NET's own flush returns normally on Linux when fsync fails, and cannot flush a directory, without which a rename is
/// not durable. Here every result is checked. After a failure never flush that file again: the kernel may have dropped the pages and the
/// next flush would say "fine". Only Linux has been tested.</remarks>
static partial class DurableFile
{
    const int Interrupted = 4;
    const int FullSync = 51;

    /// <summary>Makes the bytes and the length of a file durable.</summary>
    /// <exception cref="IOException">They are not; the message holds the system's reason.</exception>
    /// <exception cref="SharingException"><see cref="ProblemCodes.NoSpace"/>: they are not, for want of room.</exception>
    public static void Flush(SafeFileHandle file, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            if (!FlushFileBuffers(file))
            {
                throw Failure("flush", path, Marshal.GetLastPInvokeError());
            }
        }
        else
        {
            FlushUnix(file, path);
        }
    }

    /// <summary>Makes the names in a directory durable: files made, renamed and deleted in it. Windows does that by itself.</summary>
    /// <exception cref="IOException">They are not.</exception>
    /// <exception cref="SharingException"><see cref="ProblemCodes.NoSpace"/>: they are not, for want of room.</exception>
    public static void FlushDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor;
        while ((descriptor = Open(path, DirectoryFlags)) < 0)
        {
            if (Marshal.GetLastPInvokeError() is var error and not Interrupted)
            {
                throw Failure("open", path, error);
            }
        }

        using var directory = new SafeFileHandle(descriptor, ownsHandle: true);
        FlushUnix(directory, path);
    }

    /// <summary>What people share is read by this process, and by nobody else on the machine.</summary>
    const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes a directory, and the parents that are missing, durably.</summary>
    public static void CreateDirectory(string path)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Directory.Exists(path))
        {
            return;
        }

        var parent = Path.GetDirectoryName(path);
        if (parent is not null)
        {
            CreateDirectory(parent);
        }

        _ = OperatingSystem.IsWindows() ? Directory.CreateDirectory(path) : Directory.CreateDirectory(path, Private);
        if (parent is not null)
        {
            FlushDirectory(parent);
        }
    }

    /// <summary>The fault to throw for one of the system's: "no space" has a code of its own.</summary>
    public static Exception Translate(IOException fault, string path) =>
        IsNoSpace(OperatingSystem.IsWindows() ? fault.HResult & 0xFFFF : fault.HResult) ? NoSpace(path, fault) : fault;

    [UnsupportedOSPlatform("windows")]
    static void FlushUnix(SafeFileHandle file, string path)
    {
        // macOS: fsync reaches the drive, F_FULLFSYNC what is in the drive's cache; network file systems know only the former.
        if (OperatingSystem.IsMacOS() && Retried(static file => FileControl(file, FullSync), file) == 0)
        {
            return;
        }

        if (Retried(Sync, file) is not 0 and var error)
        {
            throw Failure("flush", path, error);
        }
    }

    [UnsupportedOSPlatform("windows")]
    static int Retried(Func<SafeFileHandle, int> call, SafeFileHandle file)
    {
        while (call(file) < 0)
        {
            if (Marshal.GetLastPInvokeError() is var error and not Interrupted)
            {
                return error;
            }
        }

        return 0;
    }

    static Exception Failure(string what, string path, int error)
    {
        var fault = new IOException(
            $"Could not {what} '{path}': {Marshal.GetPInvokeErrorMessage(error)} ({error}).",
            OperatingSystem.IsWindows() ? unchecked((int)0x80070000) | error : error);
        return IsNoSpace(error) ? NoSpace(path, fault) : fault;
    }

    static SharingException NoSpace(string path, IOException fault) =>
        new(ProblemCodes.NoSpace, $"There is no room left to write '{path}'.", fault);

    static bool IsNoSpace(int error) => OperatingSystem.IsWindows()
        ? error is 39 or 112 or 1295 // ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL, ERROR_DISK_QUOTA_EXCEEDED
        : error == 28 || error == (OperatingSystem.IsLinux() ? 122 : 69); // ENOSPC, EDQUOT

    // O_RDONLY | O_DIRECTORY | O_CLOEXEC; Linux numbers them by processor.
    static int DirectoryFlags => OperatingSystem.IsMacOS() ? 0x110_0000 : RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.Arm or Architecture.Armv6 or Architecture.Arm64 or Architecture.Ppc64le => 0x8_4000,
        _ => 0x9_0000,
    };

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [UnsupportedOSPlatform("windows")]
    private static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [UnsupportedOSPlatform("windows")]
    private static partial int FileControl(SafeFileHandle file, int command);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [UnsupportedOSPlatform("windows")]
    private static partial int Open(string path, int flags);

    [LibraryImport("kernel32", EntryPoint = "FlushFileBuffers", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    [SupportedOSPlatform("windows")]
    private static partial bool FlushFileBuffers(SafeFileHandle file);
}
