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
    }
}
