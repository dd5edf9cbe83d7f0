namespace Sharing.Social;

/// <summary>An account that is signed in.</summary>
/// <param name="Did">Who it is.</param>
/// <param name="Handle">What it is called.</param>
/// <param name="Access">The token of requests.</param>
/// <param name="Refresh">The token that a new one is had by.</param>
/// <param name="Server">Where the account's data are.</param>
sealed record BlueskySession(string Did, string Handle, string Access, string Refresh, Uri Server);
