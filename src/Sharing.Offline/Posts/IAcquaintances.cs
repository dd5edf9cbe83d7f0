namespace Sharing.Offline;

/// <summary>Whom people know at the networks that they publish at. Thread-safe singleton.</summary>
public interface IAcquaintances
{
    /// <summary>The accounts that the actor's account at a network follows or that follow it, and which of them are here; asked of the network now, for a limited time.</summary>
    /// <returns><c>null</c>: the host has no such network, the network does not tell, or no account of the actor's is connected.</returns>
    Task<NetworkFollows?> ListAsync(PersonId actor, string network, CancellationToken cancellationToken = default);
}
