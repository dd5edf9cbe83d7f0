using System.Buffers.Binary;

namespace Sharing.Photos;

/// <summary>The chunks of a PNG before its pixels (PNG, third edition, 5 and 11).</summary>
static class PngHeader
{
    const int MostChunks = 1000;

    public static async Task<PictureHeader> ReadAsync(PictureWindow window, PictureLimits limits, CancellationToken cancellationToken)
    {
        var ihdr = await window.AtAsync(8, 25, cancellationToken);
        if (!ihdr.Span[..8].SequenceEqual("\0\0\0\rIHDR"u8))
        {
            throw Malformed("it does not begin with IHDR");
        }

        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(ihdr.Span[8..]), BinaryPrimitives.ReadUInt32BigEndian(ihdr.Span[12..]));
        var (bits, colours, passes) = (ihdr.Span[16], ihdr.Span[17], ihdr.Span[20]);
        if (width > int.MaxValue || height > int.MaxValue || bits is not (1 or 2 or 4 or 8 or 16) || colours is not (0 or 2 or 3 or 4 or 6) || ihdr.Span[18] != 0 || ihdr.Span[19] != 0 || passes > 1)
        {
            throw Malformed("IHDR has values that there are not");
        }

        var header = new PictureHeader { Format = PictureFormat.Png, Width = (int)width, Height = (int)height, HasPasses = passes == 1 };
        (long Start, long Length)? exif = null;
        var (metadata, packed) = (0L, 0L);
        var at = 33L;
        for (var chunk = 0; chunk < MostChunks; chunk++)
        {
            var head = await window.AtAsync(at, 8, cancellationToken);
            var (length, kind) = (BinaryPrimitives.ReadUInt32BigEndian(head.Span), BinaryPrimitives.ReadUInt32BigEndian(head.Span[4..]));
            if (kind == Kind("IDAT"u8))
            {
                return exif is { } found ? await header.WithExifAsync(window, found.Start, found.Length, cancellationToken) : header;
            }

            metadata += length;
            packed += kind == Kind("zTXt"u8) || kind == Kind("iTXt"u8) ? length : 0;
            if (metadata > limits.PngMetadataBytes || packed > limits.PngPackedTextBytes)
            {
                throw TooMuch();
            }

            exif = kind == Kind("eXIf"u8) ? (at + 8, length) : exif;
            at += 12 + length;
        }

        throw TooMuch();
    }

    static uint Kind(ReadOnlySpan<byte> name) => BinaryPrimitives.ReadUInt32BigEndian(name);

    static PictureFormatException TooMuch() => new(PictureFault.TooMuchMetadata, "There is too much before the pixels that is none.");

    static PictureFormatException Malformed(string what) => new(PictureFault.Malformed, $"The PNG is broken: {what}.");
}
