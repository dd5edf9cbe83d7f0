namespace Sharing;

/// <summary>An optional ability of a publisher: tries an account when a person connects it, so that he hears at once of what is wrong.</summary>
public interface IAccountSignIn
{
    /// <summary>Signs in at the network.</summary>
    /// <returns>The account as it is to be kept: with its server and its name as the network says them.</returns>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: something is missing, or the network does not take it;
    /// <see cref="ProblemCodes.Busy"/>: it could not be asked now.</exception>
    Task<Account> SignInAsync(Account account, CancellationToken cancellationToken);
}
