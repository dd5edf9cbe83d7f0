using System.Buffers.Binary;

namespace Sharing.Photos;

/// <summary>The beginning of a GIF (GIF89a, 17 to 26): its canvas, and its first picture, which a decoder may make the canvas larger for.</summary>
static class GifHeader
{
    const byte Extension = 0x21, Picture = 0x2c;
    const int MostBlocks = 200;

    public static async Task<PictureHeader> ReadAsync(PictureWindow window, CancellationToken cancellationToken)
    {
        var screen = await window.AtAsync(6, 7, cancellationToken);
        var (width, height) = (Word(screen, 0), Word(screen, 2));
        var at = 13L + TableOf(screen.Span[4]);
        for (var block = 0; block < MostBlocks; block++)
        {
            switch (await window.ByteAsync(at, cancellationToken))
            {
                case Picture:
                    var first = await window.AtAsync(at + 1, 8, cancellationToken);
                    return new() { Format = PictureFormat.Gif, Width = Math.Max(width, Word(first, 0) + Word(first, 4)), Height = Math.Max(height, Word(first, 2) + Word(first, 6)) };
                case Extension:
                    at += 2;
                    for (byte length = 1; length > 0; block++)
                    {
                        length = block < MostBlocks ? await window.ByteAsync(at, cancellationToken) : throw TooMuch();
                        at += 1 + length;
                    }

                    break;
                default:
                    throw new PictureFormatException(PictureFault.Malformed, "The GIF is broken: it has no picture.");
            }
        }

        throw TooMuch();
    }

    /// <summary>The bytes of the table of colours that the flags tell of.</summary>
    static int TableOf(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    static int Word(ReadOnlyMemory<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.Span[at..]);

    static PictureFormatException TooMuch() => new(PictureFault.TooMuchMetadata, "There is too much before the pixels that is none.");
}
