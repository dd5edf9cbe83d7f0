namespace Sharing.Apps;

/// <summary>Finds friends by what address books have in common (rows A1, A2). Thread-safe singleton; in the server, or over HTTP.</summary>
public interface IContactRadar
{
    /// <summary>Helps a terminal to make tokens of contacts without seeing them: multiplies points by the server's key.</summary>
    /// <param name="actor">Who asks: it counts against his budget.</param>
    /// <param name="points">At most <see cref="RadarOptions.MostAtOnce"/> points of P-256, each its x in 32 bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SharingException"><see cref="ProblemCodes.LimitReached"/>: so many new contacts are more than he may try now;
    /// <see cref="ProblemCodes.InvalidInput"/>: too many at once, or no points.</exception>
    Task<IReadOnlyList<byte[]>> EvaluateAsync(PersonId actor, IReadOnlyList<byte[]> points, CancellationToken cancellationToken = default);

    /// <summary>Registers the actor with his address book, instead of what he registered before.</summary>
    /// <param name="actor">Whose book.</param>
    /// <param name="tokens">Tokens of 16 bytes, at most <see cref="RadarOptions.MostContacts"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task RegisterAsync(PersonId actor, IReadOnlyList<byte[]> tokens, CancellationToken cancellationToken = default);

    /// <summary>Takes the actor and his book out; nothing of it is left.</summary>
    Task WithdrawAsync(PersonId actor, CancellationToken cancellationToken = default);

    /// <summary>The friends that were found for the actor. Whom he blocks, or who blocks him, is not among them.</summary>
    IAsyncEnumerable<FoundFriend> FriendsAsync(PersonId actor, CancellationToken cancellationToken = default);

    /// <summary>Which of the actor's friends, found or confirmed, a contact is: those for whom it was verified. Of nobody else anything is told.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="token">The contact's token.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<PersonId>> WhoAsync(PersonId actor, byte[] token, CancellationToken cancellationToken = default);
}
