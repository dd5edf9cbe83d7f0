using System.Net;

namespace Sharing.P2P;

/// <summary>Finds out whether a terminal is at an address that it says, so that nobody can have others sent to a victim's. Thread-safe.</summary>
public interface IAddressProof
{
    /// <summary>Looks for a terminal at an address.</summary>
    /// <param name="place">Who should be where.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether the holder of the device's key answered there. No fault: what cannot be reached is <c>false</c>.</returns>
    ValueTask<bool> IsAtAsync(ClaimedPlace place, CancellationToken cancellationToken = default);
}
