namespace Sharing.Photos;

/// <summary>The segments of a JPEG before its pixels (ISO/IEC 10918-1, B.1).</summary>
static class JpegHeader
{
    const byte StartOfScan = 0xda, EndOfImage = 0xd9, App1 = 0xe1;

    public static async Task<PictureHeader> ReadAsync(PictureWindow window, PictureLimits limits, CancellationToken cancellationToken)
    {
        PictureHeader? header = null;
        (long Start, long Length)? exif = null;
        var metadata = 0L;
        for (var at = 2L; ;)
        {
            var marker = await window.ByteAsync(at + 1, cancellationToken);
            if (await window.ByteAsync(at, cancellationToken) != 0xff)
            {
                throw Malformed("a segment does not begin with a marker");
            }

            if (marker is 0xff or 0x01 or (>= 0xd0 and <= 0xd8)) // filling, or a marker without a segment
            {
                at += marker == 0xff ? 1 : 2;
                if (++metadata > limits.JpegMetadataBytes)
                {
                    throw TooMuch();
                }

                continue;
            }

            if (marker is StartOfScan or EndOfImage)
            {
                return header is null ? throw Malformed("there is no frame")
                    : exif is { } found ? await header.WithExifAsync(window, found.Start, found.Length, cancellationToken) : header;
            }

            var length = await window.WordAsync(at + 2, cancellationToken);
            if (length < 2)
            {
                throw Malformed("a segment is shorter than its length");
            }

            if (marker is (>= 0xc0 and <= 0xcf) and not (0xc4 or 0xc8 or 0xcc))
            {
                header = header is null ? await FrameAsync(window, at, marker, length, cancellationToken) : throw Malformed("there are two frames");
            }
            else if (marker is >= 0xe0 or 0xfe)
            {
                metadata += length;
                if (metadata > limits.JpegMetadataBytes)
                {
                    throw TooMuch();
                }

                if (marker == App1 && exif is null && length >= 16 && (await window.AtAsync(at + 4, 6, cancellationToken)).Span.SequenceEqual("Exif\0\0"u8))
                {
                    exif = (at + 10, length - 8);
                }
            }

            at += 2 + length;
        }
    }

    static async ValueTask<PictureHeader> FrameAsync(PictureWindow window, long at, byte marker, int length, CancellationToken cancellationToken)
    {
        if (length < 8)
        {
            throw Malformed("the frame is too short");
        }

        var frame = await window.AtAsync(at + 4, 6, cancellationToken);
        var (bits, components) = (frame.Span[0], frame.Span[5]);
        var (height, width) = ((frame.Span[1] << 8) | frame.Span[2], (frame.Span[3] << 8) | frame.Span[4]);
        return (marker, bits, components) is (0xc0 or 0xc1 or 0xc2, 8, 1 or 3 or 4)
            ? new() { Format = PictureFormat.Jpeg, Width = width, Height = height, HasPasses = marker == 0xc2 }
            : throw new PictureFormatException(PictureFault.NotDecoded, $"The JPEG is of a kind that is seldom seen (frame {marker:x2}, {bits} bits, {components} components).");
    }

    static PictureFormatException TooMuch() => new(PictureFault.TooMuchMetadata, "There is too much before the pixels that is none.");

    static PictureFormatException Malformed(string what) => new(PictureFault.Malformed, $"The JPEG is broken: {what}.");
}
