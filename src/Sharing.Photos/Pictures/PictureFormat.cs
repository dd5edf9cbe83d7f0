using System.Text.Json.Serialization;

namespace Sharing.Photos;

/// <summary>The file formats of which previews are made.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<PictureFormat>))]
public enum PictureFormat
{
    /// <summary>JPEG (ISO/IEC 10918-1).</summary>
    Jpeg,

    /// <summary>PNG.</summary>
    Png,

    /// <summary>GIF.</summary>
    Gif,

    /// <summary>WebP (RFC 9649).</summary>
    WebP,

    /// <summary>TIFF 6.0.</summary>
    Tiff,

    /// <summary>HEIF with HEVC pictures (ISO/IEC 23008-12).</summary>
    Heic,

    /// <summary>HEIF with AV1 pictures.</summary>
    Avif,
}
