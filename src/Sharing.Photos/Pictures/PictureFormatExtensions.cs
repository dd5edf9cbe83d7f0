namespace Sharing.Photos;

/// <summary>What is known of formats.</summary>
public static class PictureFormatExtensions
{
    extension(PictureFormat format)
    {
        /// <summary>The media type.</summary>
        public string MediaType => format switch
        {
            PictureFormat.Jpeg => "image/jpeg",
            PictureFormat.Png => "image/png",
            PictureFormat.Gif => "image/gif",
            PictureFormat.WebP => "image/webp",
            PictureFormat.Tiff => "image/tiff",
            PictureFormat.Heic => "image/heic",
            _ => "image/avif",
        };

        /// <summary>How names of such files end, with the dot.</summary>
        public string Extension => format switch
        {
            PictureFormat.Jpeg => ".jpg",
            PictureFormat.Png => ".png",
            PictureFormat.Gif => ".gif",
            PictureFormat.WebP => ".webp",
            PictureFormat.Tiff => ".tif",
            PictureFormat.Heic => ".heic",
            _ => ".avif",
        };
    }
}
