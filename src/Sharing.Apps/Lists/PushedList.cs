namespace Sharing.Apps;

/// <summary>That somebody pushed his list.</summary>
public sealed record PushedList(PersonId From, DateTimeOffset At);
