namespace Sharing.Core;

/// <summary>A group of somebody's friends, which only he sees. What is shown to it is seen by those in it who are his friends, while they are.</summary>
/// <param name="Name">What he calls it: 1 to <see cref="Audience.MaxGroupName"/> characters.</param>
/// <param name="People">Who is in it; at most <see cref="Audience.MaxNamed"/>.</param>
public sealed record FriendGroup(string Name, IReadOnlyList<PersonId> People);
