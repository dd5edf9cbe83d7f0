using System.Buffers.Binary;
using System.IO.Hashing;

namespace Sharing.Photos;

/// <summary>The chunks of a PNG, to its end (PNG, third edition, 5 and 11).</summary>
static class PngCopy
{
    const uint MostExif = 256 * 1024;

    /// <summary>What a decoder may need; a chunk whose name begins with a capital is needed by definition.</summary>
    static readonly HashSet<string> Shown = new(StringComparer.Ordinal)
    {
        "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP", "mDCV", "cLLI", "bKGD", "hIST", "pHYs", "sPLT", "acTL", "fcTL", "fdAT",
    };

    public static async Task PlanAsync(PictureWindow window, CopyMetadata metadata, CopyParts parts, CancellationToken cancellationToken)
    {
        parts.Keep(0, 8);
        for (var at = 8L; ;)
        {
            var head = await window.AtAsync(at, 8, cancellationToken);
            var length = BinaryPrimitives.ReadUInt32BigEndian(head.Span);
            var kind = System.Text.Encoding.Latin1.GetString(head.Span[4..]);
            if (length > window.Length - at - 12)
            {
                throw new PictureFormatException(PictureFault.Truncated, "The PNG ends within a chunk.");
            }

            if (char.IsAsciiLetterUpper(kind[0]) || Shown.Contains(kind))
            {
                parts.Keep(at, length + 12);
            }
            else if (kind == "eXIf" && length <= MostExif && ExifCopy.Of((await window.AtAsync(at + 8, (int)length, cancellationToken)).Span, metadata) is { } exif)
            {
                byte[] chunk = [.. "eXIf"u8, .. exif];
                parts.Put([.. CopyParts.BigEndian((uint)exif.Length), .. chunk, .. CopyParts.BigEndian(Crc32.HashToUInt32(chunk))]);
            }

            if (kind == "IEND")
            {
                return;
            }

            at += length + 12L;
        }
    }
}
