namespace Sharing.Photos;

/// <summary>The record <c>grant-code/{grant}</c>.</summary>
/// <param name="Hash">SHA-256 of grant and code; empty: there is none to be entered.</param>
/// <param name="Expires">When the code ends.</param>
/// <param name="Tries">How often a wrong one was entered.</param>
/// <param name="Day">The day, in UTC, that <paramref name="Sent"/> counts.</param>
/// <param name="Sent">How many codes were mailed on that day.</param>
sealed record StoredCode(string Hash, DateTimeOffset Expires, int Tries, DateOnly Day, int Sent);
