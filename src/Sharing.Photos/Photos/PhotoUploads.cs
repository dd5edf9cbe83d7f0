namespace Sharing.Photos;

/// <summary>How photos are uploaded (row F1): by tus, for one purpose; the result is the photo's id.</summary>
/// <remarks>Metadata, each may be left out: <c>filename</c>; <c>name</c>; <c>folder</c>, an id of the uploader's; <c>validFor</c>, in seconds; <c>device</c>, a phone's name for itself: then
/// the photo is named by the time when it was taken.</remarks>
public static class PhotoUploads
{
    /// <summary>The purpose.</summary>
    public const string Purpose = "photos";
}
