namespace Sharing.Messaging;

/// <summary>Where a person's terminals can be woken: his network id binds them together (row M3). Thread-safe singleton.</summary>
public interface IBearers
{
    /// <summary>The actor's addresses.</summary>
    Task<IReadOnlyList<BearerBinding>> ListAsync(PersonId actor, CancellationToken cancellationToken = default);

    /// <summary>Sends a code to an address, which takes the place of the one of that bearer once the code is confirmed.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: there is no such bearer, or that is no address; <see cref="ProblemCodes.LimitReached"/>: codes were asked for too often.</exception>
    Task BindAsync(PersonId actor, string bearer, string address, CancellationToken cancellationToken = default);

    /// <summary>Confirms an address by the code that came there.</summary>
    /// <returns>Whether it is the code; a code is good once, for ten minutes and five guesses.</returns>
    Task<bool> ConfirmAsync(PersonId actor, string bearer, string code, CancellationToken cancellationToken = default);

    /// <summary>Forgets the address of a bearer.</summary>
    /// <returns>Whether there was one.</returns>
    Task<bool> RemoveAsync(PersonId actor, string bearer, CancellationToken cancellationToken = default);
}
