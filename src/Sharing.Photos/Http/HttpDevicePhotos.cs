using Sharing.Core;

namespace Sharing.Photos;

/// <summary>What a person's devices have uploaded to a server. Thread-safe.</summary>
public sealed class HttpDevicePhotos(ServerConnection server) : IDevicePhotos
{
    /// <inheritdoc/>
    public async Task<DevicePhotosLacking> LackingAsync(PersonId actor, DevicePhotosAsked asked, CancellationToken cancellationToken = default) =>
        await server.SendAsync(actor, HttpMethod.Post, "v1/device-photos", asked, PhotosJson.Default.DevicePhotosAsked, PhotosJson.Default.DevicePhotosLacking, null, cancellationToken) ?? throw HttpPhotoSpace.NoPhotos();
}
