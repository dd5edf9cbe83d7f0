namespace Sharing.Photos;

/// <summary>Which of a device's photos the server lacks.</summary>
public sealed record DevicePhotosLacking
{
    /// <summary>A bit for each hash in the order of the set, the highest bit of the first byte first; 1: the server lacks it. In Base64.</summary>
    public required string Lacking { get; init; }
}
