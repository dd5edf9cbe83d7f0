namespace Sharing.Messaging;

/// <summary>That a terminal has taken what arrived.</summary>
/// <param name="Device">The terminal, by a name of the person's choice.</param>
/// <param name="UpTo">The last number that it has taken.</param>
public sealed record InboxAcknowledgement(string Device, long UpTo);
