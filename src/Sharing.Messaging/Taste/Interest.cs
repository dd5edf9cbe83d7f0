namespace Sharing.Messaging;

/// <summary>Something that somebody has shown interest in.</summary>
/// <param name="Name">What: a kind or a tag.</param>
/// <param name="Times">How often.</param>
/// <param name="Weight">How much it counts now: each time counts for less as it grows older.</param>
public sealed record Interest(string Name, int Times, double Weight);
