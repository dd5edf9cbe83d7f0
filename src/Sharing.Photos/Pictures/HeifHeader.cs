using System.Buffers.Binary;

namespace Sharing.Photos;

/// <summary>The boxes of a HEIF file (ISO/IEC 14496-12, 8.11; ISO/IEC 23008-12): its primary picture's size and turn, and its EXIF data.</summary>
static class HeifHeader
{
    const int MostBoxes = 1000;

    /// <summary>By the brands of <c>ftyp</c>.</summary>
    public static async ValueTask<PictureFormat?> BrandAsync(PictureWindow window, CancellationToken cancellationToken)
    {
        var length = (int)Math.Min(await window.LongAsync(0, cancellationToken), Math.Min(256, window.Length));
        var ftyp = (await window.AtAsync(0, Math.Max(12, length), cancellationToken)).Span;
        PictureFormat? format = null;
        for (var at = 8; at + 4 <= ftyp.Length; at += at == 8 ? 8 : 4)
        {
            var brand = ftyp.Slice(at, 4);
            if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8))
            {
                return PictureFormat.Avif;
            }

            format = brand[..3].SequenceEqual("hei"u8) || brand[..3].SequenceEqual("hev"u8) || brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8) ? PictureFormat.Heic : format;
        }

        return format;
    }

    public static async Task<PictureHeader> ReadAsync(PictureWindow window, PictureFormat format, CancellationToken cancellationToken)
    {
        var boxes = new HeifBoxes(window, MostBoxes);
        var meta = await boxes.FindAsync(0, window.Length, "meta"u8.ToArray(), cancellationToken) ?? throw Malformed("it has no meta box");
        var inside = (Start: meta.Start + 4, meta.End);
        var primary = await boxes.FindAsync(inside.Start, inside.End, "pitm"u8.ToArray(), cancellationToken) is { } pitm
            ? await boxes.ItemIdAsync(pitm.Start + 4, await window.ByteAsync(pitm.Start, cancellationToken) > 0, cancellationToken)
            : throw Malformed("it names no primary picture");
        var header = await PropertiesAsync(boxes, inside, primary, format, cancellationToken);
        return await WithExifAsync(header, boxes, inside, cancellationToken);
    }

    /// <summary>The size and the turn that are associated with the primary picture.</summary>
    static async ValueTask<PictureHeader> PropertiesAsync(HeifBoxes boxes, (long Start, long End) meta, uint primary, PictureFormat format, CancellationToken cancellationToken)
    {
        var iprp = await boxes.FindAsync(meta.Start, meta.End, "iprp"u8.ToArray(), cancellationToken) ?? throw Malformed("pictures have no properties");
        var ipco = await boxes.FindAsync(iprp.Start, iprp.End, "ipco"u8.ToArray(), cancellationToken) ?? throw Malformed("pictures have no properties");
        var ipma = await boxes.FindAsync(iprp.Start, iprp.End, "ipma"u8.ToArray(), cancellationToken) ?? throw Malformed("pictures have no properties");
        var mine = await boxes.AssociationsAsync(ipma, primary, cancellationToken);
        var (width, height, turns, index) = (0u, 0u, 0, 0);
        await foreach (var (kind, start, end) in boxes.ListAsync(ipco.Start, ipco.End, cancellationToken))
        {
            index++;
            if (kind == HeifBoxes.Kind("ispe"u8) && end - start >= 12)
            {
                // A decoder may look at any picture of the file: the largest one counts, whatever is primary.
                var (w, h) = (await boxes.Window.LongAsync(start + 4, cancellationToken), await boxes.Window.LongAsync(start + 8, cancellationToken));
                (width, height) = (ulong)w * h > (ulong)width * height ? (w, h) : (width, height);
            }
            else if (kind == HeifBoxes.Kind("irot"u8) && end > start && mine.Contains(index))
            {
                turns = await boxes.Window.ByteAsync(start, cancellationToken) & 3;
            }
        }

        return width is > 0 and <= int.MaxValue && height is > 0 and <= int.MaxValue
            ? new() { Format = format, Width = (int)width, Height = (int)height, Orientation = turns switch { 1 => 8, 2 => 3, 3 => 6, _ => 1 } }
            : throw Malformed("it does not say how large it is");
    }

    /// <summary>EXIF data give the time and the place; how the picture is turned the boxes say (ISO/IEC 23008-12, A.2.1 has EXIF's word on that not count).</summary>
    static async ValueTask<PictureHeader> WithExifAsync(PictureHeader header, HeifBoxes boxes, (long Start, long End) meta, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var (id, kind) in boxes.ItemsAsync(meta, cancellationToken))
            {
                if (kind == HeifBoxes.Kind("Exif"u8) && await boxes.ExtentsAsync(meta, id, cancellationToken) is [{ Length: >= 12 } exif])
                {
                    var skipped = await boxes.Window.LongAsync(exif.Start, cancellationToken);
                    return exif.Length - 4 - skipped < 8 ? header
                        : await header.WithExifAsync(boxes.Window, exif.Start + 4 + skipped, exif.Length - 4 - skipped, cancellationToken) with { Orientation = header.Orientation };
                }
            }

            return header;
        }
        catch (PictureFormatException)
        {
            return header;
        }
    }

    static PictureFormatException Malformed(string what) => new(PictureFault.Malformed, $"The HEIF is broken: {what}.");
}
