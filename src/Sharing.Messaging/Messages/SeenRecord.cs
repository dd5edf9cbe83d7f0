namespace Sharing.Messaging;

/// <summary>How far a terminal, or the furthest of somebody's terminals, has come in his inbox.</summary>
/// <param name="UpTo">The last number that it has taken.</param>
sealed record SeenRecord(long UpTo);
