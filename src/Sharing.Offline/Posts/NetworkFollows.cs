namespace Sharing.Offline;

/// <summary>Whom an account at a network follows, and who follows it.</summary>
/// <param name="Network">The network.</param>
/// <param name="Accounts">Those who are here first, then those where both follow each other; at most 1,000 that it follows and 1,000 that follow it.</param>
/// <param name="Fault">Why they could not be read, where they could not.</param>
public sealed record NetworkFollows(string Network, IReadOnlyList<AccountFollow> Accounts, string? Fault = null);
