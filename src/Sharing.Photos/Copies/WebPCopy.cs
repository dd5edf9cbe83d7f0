using System.Buffers.Binary;

namespace Sharing.Photos;

/// <summary>The chunks of a WebP file (RFC 9649, 2).</summary>
static class WebPCopy
{
    const byte HasExif = 0x08, HasXmp = 0x04;
    const uint MostExif = 256 * 1024;

    public static async Task PlanAsync(PictureWindow window, CopyMetadata metadata, CopyParts parts, CancellationToken cancellationToken)
    {
        var end = 8L + BinaryPrimitives.ReadUInt32LittleEndian((await window.AtAsync(4, 4, cancellationToken)).Span);
        if (end > window.Length)
        {
            throw new PictureFormatException(PictureFault.Truncated, "The WebP ends before it says.");
        }

        byte[] riff = [.. "RIFF\0\0\0\0WEBP"u8];
        byte[]? extended = null;
        parts.Put(riff);
        for (var at = 12L; at + 8 <= end;)
        {
            var head = await window.AtAsync(at, 8, cancellationToken);
            var (kind, length) = (System.Text.Encoding.Latin1.GetString(head.Span[..4]), BinaryPrimitives.ReadUInt32LittleEndian(head.Span[4..]));
            var whole = 8L + length + (length & 1);
            if (whole > end - at)
            {
                throw new PictureFormatException(PictureFault.Truncated, "The WebP ends within a chunk.");
            }

            switch (kind)
            {
                case "VP8X" when extended is null && length == 10:
                    extended = (await window.AtAsync(at, 18, cancellationToken)).ToArray();
                    extended[8] &= unchecked((byte)~(HasExif | HasXmp));
                    parts.Put(extended);
                    break;
                case "VP8 " or "VP8L" or "ALPH" or "ANIM" or "ANMF" or "ICCP":
                    parts.Keep(at, whole);
                    break;
                case "EXIF" when extended is not null && length <= MostExif && await ExifAsync(window, at + 8, (int)length, metadata, cancellationToken) is { } exif:
                    extended[8] |= HasExif;
                    var size = new byte[4];
                    BinaryPrimitives.WriteUInt32LittleEndian(size, (uint)exif.Length);
                    parts.Put([.. "EXIF"u8, .. size, .. exif, .. new byte[exif.Length & 1]]);
                    break;
            }

            at += whole;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(riff.AsSpan(4), (uint)(parts.Length - 8));
    }

    static async ValueTask<byte[]?> ExifAsync(PictureWindow window, long start, int length, CopyMetadata metadata, CancellationToken cancellationToken)
    {
        var bytes = await window.AtAsync(start, length, cancellationToken);
        return ExifCopy.Of(bytes.Span[(bytes.Span.StartsWith("Exif\0\0"u8) ? 6 : 0)..], metadata);
    }
}
