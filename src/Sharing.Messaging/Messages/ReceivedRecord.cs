namespace Sharing.Messaging;

/// <summary>That a message is in somebody's inbox.</summary>
/// <param name="Number">Its number there.</param>
sealed record ReceivedRecord(long Number);
