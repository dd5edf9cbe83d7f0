using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Sharing.Photos;

/// <summary>The first directory of a TIFF structure, which EXIF data are as well (TIFF 6.0; EXIF 2.32): what of it concerns previews.</summary>
/// <remarks>Offsets may lie, loop and overlap: each directory is read once, entries are counted, and values are read only where they are small.</remarks>
sealed class TiffDirectory
{
    const int MostEntries = 4096, EntrySize = 12;
    const int ImageWidth = 0x100, ImageHeight = 0x101, OrientationTag = 0x112, ExifTag = 0x8769, GpsTag = 0x8825, DateTaken = 0x9003;

    int _entries;

    public uint? Width { get; private set; }

    public uint? Height { get; private set; }

    public int Orientation { get; private set; } = 1;

    public DateTime? Taken { get; private set; }

    public bool HasLocation { get; private set; }

    /// <param name="window">The file.</param>
    /// <param name="start">Where the structure begins, which its offsets count from.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async ValueTask<TiffDirectory> ReadAsync(PictureWindow window, long start, long length, CancellationToken cancellationToken)
    {
        var directory = new TiffDirectory();
        var head = await window.AtAsync(start, 8, cancellationToken);
        var isLittle = head.Span[0] == 'I';
        if ((head.Span[0], head.Span[1]) is not (((byte)'I', (byte)'I') or ((byte)'M', (byte)'M')) || Word(head.Span[2..], isLittle) != 42)
        {
            throw new PictureFormatException(PictureFault.Malformed, "This is no TIFF structure.");
        }

        var (exif, gps) = await directory.ReadAsync(window, start, length, Long(head.Span[4..], isLittle), isLittle, cancellationToken);
        if (exif is { } at)
        {
            await directory.ReadAsync(window, start, length, at, isLittle, cancellationToken);
        }

        directory.HasLocation = gps is not null;
        return directory;
    }

    async ValueTask<(uint? Exif, uint? Gps)> ReadAsync(PictureWindow window, long start, long length, uint at, bool isLittle, CancellationToken cancellationToken)
    {
        (uint? exif, uint? gps) = (null, null);
        Require(at, 2, length);
        var count = Word((await window.AtAsync(start + at, 2, cancellationToken)).Span, isLittle);
        _entries += count;
        if (_entries > MostEntries)
        {
            throw new PictureFormatException(PictureFault.TooMuchMetadata, $"There are more than {MostEntries} entries.");
        }

        Require(at + 2L, (long)count * EntrySize, length);
        for (var i = 0; i < count; i++)
        {
            var entry = await window.AtAsync(start + at + 2 + ((long)i * EntrySize), EntrySize, cancellationToken);
            var (tag, type, values) = (Word(entry.Span, isLittle), Word(entry.Span[2..], isLittle), Long(entry.Span[4..], isLittle));
            var value = type == 3 ? Word(entry.Span[8..], isLittle) : Long(entry.Span[8..], isLittle);
            switch (tag)
            {
                case ImageWidth:
                    Width = value;
                    break;
                case ImageHeight:
                    Height = value;
                    break;
                case OrientationTag when value is >= 1 and <= 8:
                    Orientation = (int)value;
                    break;
                case ExifTag:
                    exif = value;
                    break;
                case GpsTag:
                    gps = value;
                    break;
                case DateTaken when type == 2 && values is 19 or 20 && value <= length - 19:
                    Taken = DateOf((await window.AtAsync(start + value, 19, cancellationToken)).Span);
                    break;
            }
        }

        return (exif, gps);
    }

    /// <summary>Cameras whose clock was never set say 0000:00:00, or blanks.</summary>
    static DateTime? DateOf(ReadOnlySpan<byte> text) =>
        DateTime.TryParseExact(Encoding.Latin1.GetString(text), "yyyy:MM:dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var taken) && taken.Year >= 1826 ? taken : null;

    static void Require(long at, long count, long length)
    {
        if (at + count > length)
        {
            throw new PictureFormatException(PictureFault.Malformed, "A directory points beyond its end.");
        }
    }

    static ushort Word(ReadOnlySpan<byte> bytes, bool isLittle) => isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    static uint Long(ReadOnlySpan<byte> bytes, bool isLittle) => isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
