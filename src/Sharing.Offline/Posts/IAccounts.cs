namespace Sharing.Offline;

/// <summary>A person's accounts at social networks: where his posts go.</summary>
/// <remarks>Thread-safe singleton.</remarks>
public interface IAccounts
{
    /// <summary>Connects the actor's account at a network, or gives it a new secret; posts that waited for it go out. A network that can be asked is asked first.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: the host has no such network, or the network does not take it;
    /// <see cref="ProblemCodes.Busy"/>: the network could not be asked now, and nothing has changed.</exception>
    Task ConnectAsync(PersonId actor, string network, AccountToken login, CancellationToken cancellationToken = default);

    /// <summary>Forgets the account.</summary>
    /// <returns>Whether there was one.</returns>
    Task<bool> DisconnectAsync(PersonId actor, string network, CancellationToken cancellationToken = default);

    /// <summary>The networks of this host, and whether the actor is connected to each.</summary>
    Task<IReadOnlyList<NetworkState>> ListAsync(PersonId actor, CancellationToken cancellationToken = default);
}
