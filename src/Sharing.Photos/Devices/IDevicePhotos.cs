namespace Sharing.Photos;

/// <summary>What a person's devices have uploaded by themselves, each into a space of its own (row F12). Thread-safe.</summary>
public interface IDevicePhotos
{
    /// <summary>Says which photos are not there from this device. Only the actor's own are looked at: nobody learns what others have.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: that is no set of hashes, or no name of a device.</exception>
    Task<DevicePhotosLacking> LackingAsync(PersonId actor, DevicePhotosAsked asked, CancellationToken cancellationToken = default);
}
