namespace Sharing.Photos;

/// <summary>The segments of a JPEG, to its end (ISO/IEC 10918-1, B.1; ICC.1, B.4). What comes behind its end is none of it.</summary>
static class JpegCopy
{
    const byte StartOfScan = 0xda, EndOfImage = 0xd9, App0 = 0xe0, App1 = 0xe1, App2 = 0xe2, App14 = 0xee, Comment = 0xfe;

    public static async Task PlanAsync(PictureWindow window, CopyMetadata metadata, CopyParts parts, CancellationToken cancellationToken)
    {
        parts.Keep(0, 2);
        var hasExif = false;
        for (var at = 2L; ;)
        {
            var head = await window.AtAsync(at, 2, cancellationToken);
            var (mark, marker) = (head.Span[0], head.Span[1]);
            if (mark != 0xff || marker is 0x00 or (> 0x01 and < 0xc0))
            {
                throw new PictureFormatException(PictureFault.Malformed, "The JPEG is broken: a segment does not begin with a marker.");
            }

            if (marker == 0xff) // filling
            {
                at++;
                continue;
            }

            if (marker is 0x01 or (>= 0xd0 and <= 0xd9)) // a marker without a segment
            {
                parts.Keep(at, 2);
                if (marker == EndOfImage)
                {
                    return;
                }

                at += 2;
                continue;
            }

            var length = 2 + await window.WordAsync(at + 2, cancellationToken);
            var segment = await window.AtAsync(at, length, cancellationToken);
            if (marker == App1 && !hasExif && Is(segment, "Exif\0\0"u8))
            {
                hasExif = true;
                if (ExifCopy.Of(segment.Span[10..], metadata) is { } exif)
                {
                    parts.Put([0xff, App1, (byte)((exif.Length + 8) >> 8), (byte)(exif.Length + 8), .. "Exif\0\0"u8, .. exif]);
                }
            }
            else if (marker is not ((>= App0 and <= 0xef) or Comment) || IsShownBy(marker, segment))
            {
                parts.Keep(at, length);
            }

            at += length;
            if (marker == StartOfScan)
            {
                var end = await EndOfScanAsync(window, at, cancellationToken);
                parts.Keep(at, end - at);
                at = end;
            }
        }
    }

    /// <summary>What a decoder needs to know: JFIF, the colour profile, Adobe's word on colours.</summary>
    static bool IsShownBy(byte marker, ReadOnlyMemory<byte> segment) => marker switch
    {
        App0 => Is(segment, "JFIF\0"u8),
        App2 => Is(segment, "ICC_PROFILE\0"u8),
        App14 => Is(segment, "Adobe"u8),
        _ => false,
    };

    static bool Is(ReadOnlyMemory<byte> segment, ReadOnlySpan<byte> name) => segment.Span[4..].StartsWith(name);

    /// <summary>Where coded pixels end: at a marker that is neither a stuffed byte nor a restart.</summary>
    static async ValueTask<long> EndOfScanAsync(PictureWindow window, long at, CancellationToken cancellationToken)
    {
        while (true)
        {
            var bytes = await window.AtAsync(at, (int)Math.Clamp(window.Length - at, 2, PictureWindow.Piece), cancellationToken);
            for (var from = 0; ;)
            {
                var mark = bytes.Span[from..].IndexOf((byte)0xff);
                if (mark < 0)
                {
                    at += bytes.Length;
                    break;
                }

                from += mark;
                if (from + 1 == bytes.Length)
                {
                    at += from;
                    break; // looked at again with what follows it
                }

                if (bytes.Span[from + 1] is not (0x00 or (>= 0xd0 and <= 0xd7) or 0xff))
                {
                    return at + from;
                }

                from += bytes.Span[from + 1] == 0xff ? 1 : 2;
                if (from == bytes.Length)
                {
                    at += from;
                    break;
                }
            }
        }
    }
}
