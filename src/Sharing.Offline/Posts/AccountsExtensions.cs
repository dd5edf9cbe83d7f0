namespace Sharing.Offline;

/// <summary>A shorter way to <see cref="IAccounts"/>.</summary>
public static class AccountsExtensions
{
    /// <summary>Connects the actor's account at a network that wants nothing but a token.</summary>
    public static Task ConnectAsync(this IAccounts accounts, PersonId actor, string network, string? token, CancellationToken cancellationToken = default) =>
        accounts.ConnectAsync(actor, network, new AccountToken(token), cancellationToken);
}
