namespace Sharing.P2P;

/// <summary>Brings shares to terminals that asked the sharer's terminal for them (row D2): what the shared-data server does for its people.</summary>
/// <remarks>Thread-safe. What an actor may not is <c>false</c>, like what is not there.</remarks>
public interface IDeliveries
{
    /// <summary>Says that a terminal is the actor's: what is for him alone is delivered to his terminals alone.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: that is no terminal's name.</exception>
    Task RegisterAsync(PersonId actor, string device, CancellationToken cancellationToken = default);

    /// <summary>Brings the manifest of a share of the actor's own, with a ticket, to a terminal that asked him for it: only to the holder of that terminal's certificate, and only where the
    /// share's audience is everyone, or covers the person whose terminal it is.</summary>
    /// <returns>Whether the terminal took it; <c>false</c> also where the share is not the actor's, or not for that person.</returns>
    Task<bool> DeliverAsync(PersonId actor, ShareId share, DeliveryRequest request, CancellationToken cancellationToken = default);
}
