using Microsoft.Win32.SafeHandles;

namespace Sharing.Apps;

/// <summary>The bytes of a package file, read at any place by several threads at once.</summary>
/// <remarks>A file is read by its handle and memory where it lies; any other stream is read in turns. The stream stays the caller's, its position is left anywhere.</remarks>
sealed class PackageBytes
{
    readonly Stream _stream;
    readonly SafeFileHandle? _file;
    readonly ReadOnlyMemory<byte>? _memory;
    readonly Lock _turn = new();

    public PackageBytes(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek || !stream.CanRead)
        {
            throw new ArgumentException("A package is read from a stream that seeks.", nameof(stream));
        }

        _stream = stream;
        Length = stream.Length;
        if (stream.GetType() == typeof(FileStream))
        {
            _file = ((FileStream)stream).SafeFileHandle;
        }
        else if (stream is MemoryStream memory && memory.TryGetBuffer(out var buffer))
        {
            _memory = buffer.AsMemory();
        }
    }

    public long Length { get; }

    /// <summary>Fills <paramref name="into"/> from <paramref name="offset"/>.</summary>
    /// <exception cref="PackageFormatException">The file ends before.</exception>
    public void Read(long offset, Span<byte> into)
    {
        if (offset < 0 || offset > Length - into.Length)
        {
            throw Short();
        }

        if (_memory is { } memory)
        {
            memory.Span.Slice((int)offset, into.Length).CopyTo(into);
        }
        else if (_file is { } file)
        {
            ReadFile(file, offset, into);
        }
        else
        {
            lock (_turn)
            {
                _stream.Position = offset;
                if (_stream.ReadAtLeast(into, into.Length, throwOnEndOfStream: false) < into.Length)
                {
                    throw Short();
                }
            }
        }
    }

    static void ReadFile(SafeFileHandle file, long offset, Span<byte> into)
    {
        while (into.Length > 0)
        {
            var read = RandomAccess.Read(file, into, offset);
            if (read <= 0)
            {
                throw Short();
            }

            offset += read;
            into = into[read..];
        }
    }

    static PackageFormatException Short() => new(PackageFault.Zip, "The file ends early.");
}
