using System.Buffers.Binary;

namespace Sharing.Apps;

/// <summary>A resource table, wherever it lies: in the file where it is stored, else inflated. Only what is asked for is read.</summary>
sealed class ResourceBytes
{
    const int Window = 16 << 10;
    readonly PackageBytes? _file;
    readonly long _start;
    readonly byte[] _held;
    long _heldAt;
    int _heldLength;

    ResourceBytes(PackageBytes? file, long start, long length, byte[] held) => (_file, _start, Length, _held, _heldLength) = (file, start, length, held, file is null ? held.Length : 0);

    public long Length { get; }

    /// <summary>Opens an entry; <c>null</c>: it is compressed and larger than <paramref name="most"/>.</summary>
    public static ResourceBytes? Open(PackageBytes bytes, ZipDirectory zip, ZipEntry entry, int most)
    {
        if (entry.Method != ZipEntry.Deflated)
        {
            var start = ZipContent.Locate(bytes, zip, entry);
            return start > zip.Start - entry.Size ? null : new(bytes, start, entry.Size, new byte[Math.Min(entry.Size, Window)]);
        }

        return entry.Size > most || ZipContent.Expands(entry) ? null : new(null, 0, entry.Size, ZipContent.Read(bytes, zip, entry, most, PackageFault.Zip));
    }

    /// <summary>Bytes at a place, until something else is asked for; <c>default</c> where there are not so many, or more than a window has.</summary>
    public ReadOnlySpan<byte> At(long offset, int count)
    {
        if (offset < 0 || count < 0 || offset > Length - count)
        {
            return default;
        }

        if (_file is not null && (offset < _heldAt || offset + count > _heldAt + _heldLength))
        {
            if (count > _held.Length)
            {
                return default;
            }

            (_heldAt, _heldLength) = (offset, (int)Math.Min(_held.Length, Length - offset));
            _file.Read(_start + offset, _held.AsSpan(0, _heldLength));
        }

        return _held.AsSpan((int)(offset - _heldAt), count);
    }

    /// <summary>A number of two bytes; 0 beyond the end.</summary>
    public int Word(long offset) => At(offset, 2) is { Length: 2 } word ? BinaryPrimitives.ReadUInt16LittleEndian(word) : 0;

    /// <summary>A number of four bytes; 0 beyond the end.</summary>
    public uint Long(long offset) => At(offset, 4) is { Length: 4 } number ? BinaryPrimitives.ReadUInt32LittleEndian(number) : 0;
}
