namespace Sharing.Photos;

/// <summary>How photos are uploaded (row F1): by tus, for one purpose; the result is the photo's id.</summary>
/// <remarks>Metadata, each may be left out: <c>filename</c>; <c>name</c>; <c>folder</c>, an id of the uploader's; <c>validFor</c>, in seconds; <c>device</c>, a phone's name for itself: then
/// the photo is named by the time when it was taken, and is in that device's own space; <c>essence</c>, the hash of what of it is picture (<see cref="PictureCopy.EssenceAsync"/>), by which the device will
/// ask for it again: its word is taken for its own photos, and for nothing else.</remarks>
public static class PhotoUploads
{
    /// <summary>The purpose.</summary>
    public const string Purpose = "photos";
}
