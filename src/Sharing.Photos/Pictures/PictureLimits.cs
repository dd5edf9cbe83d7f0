namespace Sharing.Photos;

/// <summary>Of which pictures previews are made: what is beyond is kept and given, but not decoded.</summary>
public sealed class PictureLimits
{
    const long Mega = 1_000_000;

    /// <summary>The most pixels of a picture. 100 million.</summary>
    public long Pixels { get; set; } = 100 * Mega;

    /// <summary>The most pixels of a progressive JPEG or an interlaced PNG, of which all is in memory at once. 40 million.</summary>
    public long PassesPixels { get; set; } = 40 * Mega;

    /// <summary>The most pixels of a HEIC or AVIF picture. 64 million.</summary>
    public long HeifPixels { get; set; } = 64 * Mega;

    /// <summary>The most pixels of a GIF's canvas, of which all is in memory at once. 25 million.</summary>
    public long GifPixels { get; set; } = 25 * Mega;

    /// <summary>The most bytes before the pixels that are none. 8 MiB in a JPEG.</summary>
    public long JpegMetadataBytes { get; set; } = 8 << 20;

    /// <summary>The same in a PNG, whose texts may be packed. 1 MiB.</summary>
    public long PngMetadataBytes { get; set; } = 1 << 20;

    /// <summary>The most bytes of packed texts in a PNG: unpacked they may be a thousand times as long. 64 KiB.</summary>
    public long PngPackedTextBytes { get; set; } = 64 << 10;

    /// <summary>The most pixels for a format.</summary>
    internal long PixelsOf(PictureHeader header) => header switch
    {
        { Format: PictureFormat.Gif } => GifPixels,
        { Format: PictureFormat.Heic or PictureFormat.Avif } => HeifPixels,
        { HasPasses: true } => PassesPixels,
        _ => Pixels,
    };
}
