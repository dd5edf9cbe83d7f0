namespace Sharing.Apps;

/// <summary>That somebody pushed his list.</summary>
sealed record PushedList(PersonId From, DateTimeOffset At);
