using System.Buffers.Binary;

namespace Sharing.Photos;

/// <summary>The chunks of a WebP file (RFC 9649, 2).</summary>
static class WebPHeader
{
    const int MostChunks = 200;

    public static async Task<PictureHeader> ReadAsync(PictureWindow window, CancellationToken cancellationToken)
    {
        var head = await window.AtAsync(12, 18, cancellationToken);
        var kind = Kind(head.Span);
        var bytes = head.Span[8..];
        PictureHeader Sized(int width, int height) => new() { Format = PictureFormat.WebP, Width = width, Height = height };
        if (kind == Kind("VP8 "u8) && bytes[3..6].SequenceEqual((ReadOnlySpan<byte>)[0x9d, 0x01, 0x2a]))
        {
            return Sized(BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]) & 0x3fff, BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]) & 0x3fff);
        }

        if (kind == Kind("VP8L"u8) && bytes[0] == 0x2f)
        {
            var packed = BinaryPrimitives.ReadUInt32LittleEndian(bytes[1..]);
            return Sized((int)(packed & 0x3fff) + 1, (int)((packed >> 14) & 0x3fff) + 1);
        }

        if (kind != Kind("VP8X"u8))
        {
            throw new PictureFormatException(PictureFault.Malformed, "The WebP is broken: it begins with no picture.");
        }

        var header = Sized(1 + (bytes[4] | (bytes[5] << 8) | (bytes[6] << 16)), 1 + (bytes[7] | (bytes[8] << 8) | (bytes[9] << 16)));
        return (bytes[0] & 8) == 0 ? header : await WithExifAsync(header, window, cancellationToken);
    }

    /// <summary>EXIF data come after the pixels.</summary>
    static async ValueTask<PictureHeader> WithExifAsync(PictureHeader header, PictureWindow window, CancellationToken cancellationToken)
    {
        var at = 12L;
        for (var chunk = 0; chunk < MostChunks && at + 8 <= window.Length; chunk++)
        {
            var head = await window.AtAsync(at, 8, cancellationToken);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(head.Span[4..]);
            if (Kind(head.Span) == Kind("EXIF"u8))
            {
                var start = at + 8;
                var prefix = length >= 6 && (await window.AtAsync(start, 6, cancellationToken)).Span.SequenceEqual("Exif\0\0"u8) ? 6 : 0; // as some write it
                return await header.WithExifAsync(window, start + prefix, length - prefix, cancellationToken);
            }

            at += 8 + length + (length & 1);
        }

        return header;
    }

    static uint Kind(ReadOnlySpan<byte> name) => BinaryPrimitives.ReadUInt32BigEndian(name);
}
