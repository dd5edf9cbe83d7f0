using System.Text.Json.Serialization;

namespace Sharing.Photos;

/// <summary>What besides the picture itself a friend's copies have. Pixels are never touched, and never encoded anew.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<CopyMetadata>))]
public enum CopyMetadata
{
    /// <summary>Everything: the very bytes that came.</summary>
    All,

    /// <summary>EXIF data without the place and without what makers write for themselves. What else may tell a place is left out: XMP, IPTC, comments, and what comes behind the picture.</summary>
    NoLocation,

    /// <summary>Nothing but what the picture is shown by: its colour profile, and how it is turned.</summary>
    None,
}
