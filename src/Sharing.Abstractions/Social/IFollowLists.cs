namespace Sharing;

/// <summary>An optional ability of a publisher: whom an account follows at its network, and who follows it.</summary>
public interface IFollowLists
{
    /// <summary>The accounts that an account follows or that follow it, each once.</summary>
    /// <param name="account">The account.</param>
    /// <param name="count">The most to read of either, the latest first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Exception">It could not be found out.</exception>
    Task<IReadOnlyList<AccountFollow>> ReadFollowsAsync(Account account, int count, CancellationToken cancellationToken);
}
