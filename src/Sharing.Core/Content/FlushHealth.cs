using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace Sharing.Core;

/// <summary>Flushes, counts the flushes that failed, and takes no more writes after the third: that disk keeps nothing.</summary>
/// <remarks>Thread-safe. A full disk does not count: it is well again once there is room.</remarks>
sealed class FlushHealth(string folder)
{
    const int Limit = 3;

    readonly ConcurrentDictionary<string, DirectoryFlush> _directories = new(StringComparer.Ordinal);
    int _failures;

    /// <exception cref="SharingException"><see cref="ProblemCodes.ReadOnly"/>: too many flushes failed.</exception>
    public void RequireWritable()
    {
        if (Volatile.Read(ref _failures) >= Limit)
        {
            throw new SharingException(
                ProblemCodes.ReadOnly, $"The content folder '{folder}' takes no writes: {Limit} flushes failed. Check its disk, then restart.");
        }
    }

    public void Flush(SafeFileHandle file, string path) => Counted(() => DurableFile.Flush(file, path));

    /// <summary>Makes the names in a directory durable; asked for by several at once, it is done once for all of them.</summary>
    public void FlushDirectory(string path) => _directories.GetOrAdd(
        path, static (path, health) => new(() => health.Counted(() => DurableFile.FlushDirectory(path))), this).Run();

    void Counted(Action flush)
    {
        try
        {
            flush();
        }
        catch (IOException)
        {
            Interlocked.Increment(ref _failures);
            throw;
        }
    }
}
