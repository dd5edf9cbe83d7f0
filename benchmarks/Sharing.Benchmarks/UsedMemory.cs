using System.Globalization;

namespace Sharing.Benchmarks;

/// <summary>A machine that has run for a while: its memory is full of the pages of files, which new ones take over.</summary>
/// <remarks>Just started, a virtual machine's first touch of a page costs its host up to three times what fetching the bytes costs, and counts as the
/// process's own time. 32 GiB at most are filled. Linux.</remarks>
sealed class UsedMemory
{
    const long Enough = 512 << 20;

    readonly string _path;
    readonly long _length = Math.Min(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, 32L << 30);
    readonly byte[] _buffer = new byte[4 << 20];
    long _offset;

    public UsedMemory(string folder)
    {
        _path = Path.Combine(folder, "fills-the-memory");
        using var file = File.Create(_path);
        file.SetLength(_length); // a hole: its pages take memory, but no disk
    }

    /// <summary>Fills what is free, and reads a folder's files.</summary>
    public void Fill(string folder)
    {
        using var file = File.OpenHandle(_path);
        for (var left = _length; left > 0 && Free() > Enough; left -= _buffer.Length)
        {
            _offset = (_offset + RandomAccess.Read(file, _buffer, _offset)) % _length;
        }

        foreach (var path in Directory.GetFiles(folder))
        {
            using var other = File.OpenRead(path);
            other.CopyTo(Stream.Null);
        }
    }

    static long Free() =>
        1024 * long.Parse(File.ReadLines("/proc/meminfo").First(line => line.StartsWith("MemFree:", StringComparison.Ordinal)).AsSpan(8, 16).Trim(), CultureInfo.InvariantCulture);
}
