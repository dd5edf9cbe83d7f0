namespace Sharing.Photos;

/// <summary>Photos that a device has, so that it learns which of them the server lacks.</summary>
public sealed record DevicePhotosAsked
{
    /// <summary>The device, as it is called in its uploads.</summary>
    public required string Device { get; init; }

    /// <summary>By what they are named.</summary>
    public PhotoHash By { get; init; }

    /// <summary>Their hashes, as <see cref="HashPrefixes"/> writes a set, in Base64.</summary>
    public required string Hashes { get; init; }
}
