using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Sharing.Core;

/// <summary>Reads what the system has in memory already, without waiting for a disk: then no thread is needed to wait on.</summary>
/// <remarks>Linux alone, by preadv2 with RWF_NOWAIT (Linux 4.14). Where the system or the file system does not know it, nothing is ever in memory.</remarks>
static unsafe partial class CachedRead
{
    const int NoWait = 8;
    const int NoSuchCall = 38;
    const int NotSupported = 95;

    static volatile bool s_off = !OperatingSystem.IsLinux();

    /// <summary>Reads at once what is in memory, else as .NET does.</summary>
    public static ValueTask<int> ReadAsync(SafeFileHandle file, long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        TryRead(file, offset, buffer.Span, out var read) ? new(read) : RandomAccess.ReadAsync(file, buffer, offset, cancellationToken);

    /// <summary>Reads at least one byte, or says that it cannot without waiting (or that there is none).</summary>
    public static bool TryRead(SafeFileHandle file, long offset, Span<byte> buffer, out int read)
    {
        read = 0;
        if (s_off || !OperatingSystem.IsLinux() || buffer.IsEmpty)
        {
            return false;
        }

        try
        {
            return TryReadLinux(file, offset, buffer, out read);
        }
        catch (EntryPointNotFoundException)
        {
            s_off = true;
            return false;
        }
    }

    [SupportedOSPlatform("linux")]
    static bool TryReadLinux(SafeFileHandle file, long offset, Span<byte> buffer, out int read)
    {
        fixed (byte* bytes = buffer)
        {
            var part = new Part(bytes, (nuint)buffer.Length);
            read = (int)ReadAt(file, &part, 1, offset, NoWait);
        }

        if (read > 0)
        {
            return true;
        }

        if (read < 0 && Marshal.GetLastPInvokeError() is NoSuchCall or NotSupported)
        {
            s_off = true;
        }

        read = 0;
        return false;
    }

    readonly struct Part(byte* start, nuint length)
    {
        public readonly byte* Start = start;
        public readonly nuint Length = length;
    }

    [LibraryImport("libc", EntryPoint = "preadv2", SetLastError = true)]
    [SupportedOSPlatform("linux")]
    private static partial nint ReadAt(SafeFileHandle file, Part* parts, int count, long offset, int flags);
}
