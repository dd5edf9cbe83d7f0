namespace Sharing.Messaging;

/// <summary>An entry of an inbox's log.</summary>
/// <param name="Id">The message.</param>
/// <param name="Because">Why the server chose it for this person.</param>
sealed record InboxEntry(MessageId Id, string? Because);
