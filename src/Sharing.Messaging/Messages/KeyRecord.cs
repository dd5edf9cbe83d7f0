namespace Sharing.Messaging;

/// <summary>What was sent by a key.</summary>
/// <param name="Id">The message.</param>
/// <param name="Draft">The hash of its draft.</param>
sealed record KeyRecord(MessageId Id, string Draft);
