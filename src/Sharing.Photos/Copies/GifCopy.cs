namespace Sharing.Photos;

/// <summary>The blocks of a GIF, to its end (GIF89a, 15 to 27).</summary>
static class GifCopy
{
    const byte Extension = 0x21, Picture = 0x2c, Trailer = 0x3b, PlainText = 0x01, Control = 0xf9, Application = 0xff;

    public static async Task PlanAsync(PictureWindow window, CopyParts parts, CancellationToken cancellationToken)
    {
        var at = 13L + TableOf(await window.ByteAsync(10, cancellationToken));
        parts.Keep(0, at);
        while (true)
        {
            var start = at;
            switch (await window.ByteAsync(at, cancellationToken))
            {
                case Trailer:
                    parts.Keep(at, 1);
                    return;
                case Picture:
                    at = await EndOfBlocksAsync(window, at + 11 + TableOf(await window.ByteAsync(at + 9, cancellationToken)), cancellationToken);
                    parts.Keep(start, at - start);
                    break;
                case Extension:
                    var label = await window.ByteAsync(at + 1, cancellationToken);
                    var isShown = label is Control or PlainText || (label == Application && await IsShownAsync(window, at + 2, cancellationToken));
                    at = await EndOfBlocksAsync(window, at + 2, cancellationToken);
                    if (isShown)
                    {
                        parts.Keep(start, at - start);
                    }

                    break;
                default:
                    throw new PictureFormatException(PictureFault.Malformed, "The GIF is broken: there is a block of no kind.");
            }
        }
    }

    /// <summary>How often it repeats, and its colour profile.</summary>
    static async ValueTask<bool> IsShownAsync(PictureWindow window, long at, CancellationToken cancellationToken)
    {
        var name = await window.AtAsync(at, 12, cancellationToken);
        return name.Span[0] == 11 && (name.Span[1..].SequenceEqual("NETSCAPE2.0"u8) || name.Span[1..].SequenceEqual("ANIMEXTS1.0"u8) || name.Span[1..].SequenceEqual("ICCRGBG1012"u8));
    }

    static async ValueTask<long> EndOfBlocksAsync(PictureWindow window, long at, CancellationToken cancellationToken)
    {
        while (await window.ByteAsync(at, cancellationToken) is var length and > 0)
        {
            at += 1 + length;
        }

        return at + 1;
    }

    /// <summary>The bytes of the table of colours that the flags tell of.</summary>
    static int TableOf(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
}
