using System.Text.Json.Serialization;

namespace Sharing.Photos;

/// <summary>Whether a photo has previews.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<PreviewState>))]
public enum PreviewState
{
    /// <summary>They are being made.</summary>
    Pending,

    /// <summary>It has them.</summary>
    Ready,

    /// <summary>It is no picture that previews are made of.</summary>
    NotAPicture,

    /// <summary>It is broken, or too large to be decoded.</summary>
    Refused,

    /// <summary>This host makes none: it has no <see cref="IThumbnailer"/> that works.</summary>
    Unavailable,
}
