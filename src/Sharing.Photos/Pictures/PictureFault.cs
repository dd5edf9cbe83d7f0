namespace Sharing.Photos;

/// <summary>Why a file has no preview. Its bytes are kept and given all the same.</summary>
public enum PictureFault
{
    /// <summary>It is of no format of which previews are made.</summary>
    NotAPicture,

    /// <summary>It ends before its header does.</summary>
    Truncated,

    /// <summary>Its header contradicts itself or its format.</summary>
    Malformed,

    /// <summary>It has more pixels than <see cref="PictureLimits"/> allows.</summary>
    TooManyPixels,

    /// <summary>It has more beside its pixels than <see cref="PictureLimits"/> allows.</summary>
    TooMuchMetadata,

    /// <summary>Its pixels could not be decoded.</summary>
    NotDecoded,

    /// <summary>Decoding it took more time or memory than it may.</summary>
    TooCostly,
}
