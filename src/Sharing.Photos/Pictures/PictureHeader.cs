namespace Sharing.Photos;

/// <summary>What a picture file says of itself before any pixel is decoded. Claims of a stranger, within <see cref="PictureLimits"/>.</summary>
public sealed record PictureHeader
{
    /// <summary>The format, by its first bytes.</summary>
    public required PictureFormat Format { get; init; }

    /// <summary>The width as stored, in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>The height as stored, in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>How it is to be turned, as EXIF numbers it: 1 (as stored) to 8.</summary>
    public int Orientation { get; init => field = value is >= 1 and <= 8 ? value : 1; } = 1;

    /// <summary>Whether it comes in several passes (progressive JPEG, Adam7 PNG), which cost memory for the whole of it.</summary>
    public bool HasPasses { get; init; }

    /// <summary>When it was taken, by the camera's clock and without its zone; <c>null</c>: it does not say.</summary>
    public DateTime? Taken { get; init; }

    /// <summary>Whether it says where it was taken.</summary>
    public bool HasLocation { get; init; }

    /// <summary>The width as shown.</summary>
    public int ShownWidth => Orientation > 4 ? Height : Width;

    /// <summary>The height as shown.</summary>
    public int ShownHeight => Orientation > 4 ? Width : Height;
}
