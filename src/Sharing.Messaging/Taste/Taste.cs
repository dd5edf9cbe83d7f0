namespace Sharing.Messaging;

/// <summary>What the server has learnt of somebody's taste, which only he sees.</summary>
/// <param name="IsOff">Whether it sends nothing by itself, and learns nothing.</param>
/// <param name="Interests">The strongest first.</param>
public sealed record Taste(bool IsOff, IReadOnlyList<Interest> Interests);
