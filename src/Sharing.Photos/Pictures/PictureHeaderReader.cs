using Sharing.Core;

namespace Sharing.Photos;

/// <summary>Reads what a picture file says of itself, without decoding: at most 64 KiB of it, wherever they lie. So a file that would cost gigabytes to decode is refused for microseconds.</summary>
/// <remarks>Thread-safe. Decoders get to see only what has passed here.</remarks>
public static class PictureHeaderReader
{
    /// <summary>Reads the header of a stored content.</summary>
    /// <exception cref="PictureFormatException">No preview is to be made of it, and why.</exception>
    public static Task<PictureHeader> ReadAsync(IContentReader content, PictureLimits? limits = null, CancellationToken cancellationToken = default) =>
        ReadAsync(WindowOf(content), limits ?? new(), cancellationToken);

    /// <summary>Reads the header of a file or of bytes in memory. The stream must seek; it is not disposed.</summary>
    /// <exception cref="PictureFormatException">No preview is to be made of it, and why.</exception>
    public static Task<PictureHeader> ReadAsync(Stream picture, PictureLimits? limits = null, CancellationToken cancellationToken = default) =>
        ReadAsync(WindowOf(picture), limits ?? new(), cancellationToken);

    static PictureWindow WindowOf(IContentReader content) => new(content.Info.Length, (offset, into, token) => content.ReadAsync(ContentArea.Data, offset, into, token));

    static PictureWindow WindowOf(Stream picture) => new(picture.Length, (offset, into, token) =>
    {
        picture.Position = offset;
        return picture.ReadAsync(into, token);
    });

    static async Task<PictureHeader> ReadAsync(PictureWindow window, PictureLimits limits, CancellationToken cancellationToken)
    {
        var header = await SniffAsync(window, cancellationToken) switch
        {
            PictureFormat.Jpeg => await JpegHeader.ReadAsync(window, limits, cancellationToken),
            PictureFormat.Png => await PngHeader.ReadAsync(window, limits, cancellationToken),
            PictureFormat.Gif => await GifHeader.ReadAsync(window, cancellationToken),
            PictureFormat.WebP => await WebPHeader.ReadAsync(window, cancellationToken),
            PictureFormat.Tiff => await ReadTiffAsync(window, cancellationToken),
            { } heif => await HeifHeader.ReadAsync(window, heif, cancellationToken),
            null => throw new PictureFormatException(PictureFault.NotAPicture, "There are no previews of files like this."),
        };
        if (header.Width < 1 || header.Height < 1)
        {
            throw new PictureFormatException(PictureFault.Malformed, "The picture has no pixels.");
        }

        var (pixels, most) = ((long)header.Width * header.Height, limits.PixelsOf(header));
        return pixels <= most ? header : throw new PictureFormatException(PictureFault.TooManyPixels, $"The picture has {pixels} pixels; previews are made of up to {most}.");
    }

    /// <summary>By the first bytes alone: what a client or a file's name says counts for nothing.</summary>
    internal static async ValueTask<PictureFormat?> SniffAsync(PictureWindow window, CancellationToken cancellationToken)
    {
        var head = await window.AtAsync(0, (int)Math.Min(12, window.Length), cancellationToken);
        return head.Span switch
        {
            [0xff, 0xd8, 0xff, ..] => PictureFormat.Jpeg,
            [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, ..] => PictureFormat.Png,
            [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => PictureFormat.Gif,
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P'] => PictureFormat.WebP,
            [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => PictureFormat.Tiff,
            [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => await HeifHeader.BrandAsync(window, cancellationToken),
            _ => null,
        };
    }

    static async Task<PictureHeader> ReadTiffAsync(PictureWindow window, CancellationToken cancellationToken)
    {
        var tiff = await TiffDirectory.ReadAsync(window, 0, window.Length, cancellationToken);
        return tiff is { Width: { } width and <= int.MaxValue, Height: { } height and <= int.MaxValue }
            ? new() { Format = PictureFormat.Tiff, Width = (int)width, Height = (int)height, Orientation = tiff.Orientation, Taken = tiff.Taken, HasLocation = tiff.HasLocation }
            : throw new PictureFormatException(PictureFault.Malformed, "The TIFF's first directory is no picture.");
    }

    /// <summary>A header with what EXIF data add to it. Where those are broken the picture is shown as it is stored.</summary>
    internal static async ValueTask<PictureHeader> WithExifAsync(this PictureHeader header, PictureWindow window, long start, long length, CancellationToken cancellationToken)
    {
        try
        {
            var exif = await TiffDirectory.ReadAsync(window, start, length, cancellationToken);
            return header with { Orientation = exif.Orientation, Taken = exif.Taken, HasLocation = exif.HasLocation };
        }
        catch (PictureFormatException)
        {
            return header;
        }
    }
}
