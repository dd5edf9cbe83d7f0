namespace Sharing.Apps;

/// <summary>A list that a friend pushed, as it is now.</summary>
/// <param name="From">Who.</param>
/// <param name="At">When he pushed it last.</param>
/// <param name="Apps">What he shows.</param>
public sealed record ReceivedList(PersonId From, DateTimeOffset At, IReadOnlyList<SharedApp> Apps);
