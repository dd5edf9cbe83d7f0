using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Sharing.Apps;

/// <summary>The content of an entry. Nothing larger than what its directory and the caller allow is ever held or made.</summary>
static class ZipContent
{
    const int LocalSize = 30;
    const long FreeExpansion = 1 << 20, MostExpansion = 100;

    /// <summary>Takes an entry whole.</summary>
    /// <exception cref="PackageFormatException">It is larger than <paramref name="most"/>, expands like a bomb, or is damaged.</exception>
    public static byte[] Read(PackageBytes bytes, ZipDirectory zip, ZipEntry entry, int most, PackageFault fault)
    {
        if (entry.Size > most || Expands(entry))
        {
            throw new PackageFormatException(fault, $"An entry says that it has {entry.Size} bytes.");
        }

        var content = GC.AllocateUninitializedArray<byte>((int)entry.Size);
        using var stream = Open(bytes, zip, entry);
        return stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) < content.Length || stream.ReadByte() >= 0
            ? throw new PackageFormatException(fault, "An entry has another size than it says.")
            : content;
    }

    /// <summary>Whether an entry would expand as no honest content does.</summary>
    public static bool Expands(ZipEntry entry) =>
        entry.Method == ZipEntry.Deflated && entry.Size > FreeExpansion && entry.Size / MostExpansion > entry.Compressed;

    /// <summary>Opens an entry. What its method calls neither stored nor deflated is read as it lies, as Android does.</summary>
    /// <remarks>Reading throws <see cref="PackageFormatException"/> alone for damaged content; it may be longer or shorter than its size says.</remarks>
    public static Stream Open(PackageBytes bytes, ZipDirectory zip, ZipEntry entry)
    {
        var start = Locate(bytes, zip, entry);
        var length = entry.Method == ZipEntry.Deflated ? entry.Compressed : entry.Size;
        if (start > zip.Start - length || (entry.Method == 0 && entry.Compressed != entry.Size))
        {
            throw Fault("An entry has an impossible size.");
        }

        var range = new RangeStream(bytes, start, length);
        return entry.Method == ZipEntry.Deflated ? new InflatingStream(range) : range;
    }

    /// <summary>Where the bytes of an entry start. Its own header must agree with the directory.</summary>
    public static long Locate(PackageBytes bytes, ZipDirectory zip, ZipEntry entry)
    {
        var name = zip.Name(entry);
        var buffer = ArrayPool<byte>.Shared.Rent(LocalSize + name.Length);
        try
        {
            var header = buffer.AsSpan(0, LocalSize + name.Length);
            bytes.Read(entry.Header, header);
            var (flags, method) = (BinaryPrimitives.ReadUInt16LittleEndian(header[6..]), BinaryPrimitives.ReadUInt16LittleEndian(header[8..]));
            var same = header.StartsWith("PK\u0003\u0004"u8) && method == entry.Method
                && BinaryPrimitives.ReadUInt16LittleEndian(header[26..]) == name.Length && header[LocalSize..].SequenceEqual(name)
                && ((flags & 8) != 0 || (BinaryPrimitives.ReadUInt32LittleEndian(header[18..]) == entry.Compressed && BinaryPrimitives.ReadUInt32LittleEndian(header[22..]) == entry.Size));
            return !same ? throw Fault("An entry and the directory disagree.")
                : ((flags | entry.Flags) & 1) != 0 ? throw Fault("An entry is encrypted.")
                : entry.Header + LocalSize + name.Length + BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static PackageFormatException Fault(string message) => new(PackageFault.Zip, message);

    /// <summary>Some bytes of the file in order.</summary>
    sealed class RangeStream(PackageBytes bytes, long start, long length) : ReadOnlyBytes
    {
        long _at;

        public override int Read(Span<byte> buffer)
        {
            var some = (int)Math.Min(buffer.Length, length - _at);
            bytes.Read(start + _at, buffer[..some]);
            _at += some;
            return some;
        }
    }

    /// <summary>What deflated bytes expand to.</summary>
    sealed class InflatingStream(Stream deflated) : ReadOnlyBytes
    {
        readonly DeflateStream _inflated = new(deflated, CompressionMode.Decompress);

        public override int Read(Span<byte> buffer)
        {
            try
            {
                return _inflated.Read(buffer);
            }
            catch (InvalidDataException fault)
            {
                throw new PackageFormatException(PackageFault.Zip, "An entry is damaged.", fault);
            }
        }

        protected override void Dispose(bool disposing)
        {
            _inflated.Dispose();
            base.Dispose(disposing);
        }
    }
}
