namespace Sharing.Photos;

/// <summary>What became of a device's pictures.</summary>
/// <param name="Uploaded">The photos that came this time.</param>
/// <param name="Known">How many the server had from this device already: not a byte of them was sent.</param>
/// <param name="Outside">How many are outside of the window.</param>
public sealed record DeviceUpload(IReadOnlyList<PhotoId> Uploaded, int Known, int Outside);
