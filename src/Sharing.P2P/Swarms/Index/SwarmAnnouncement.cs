namespace Sharing.P2P;

/// <summary>An announcement as it goes over the wire.</summary>
/// <param name="Member">The terminal.</param>
/// <param name="Ticket">The ticket that its device was given for the content.</param>
public sealed record SwarmAnnouncement(SwarmMember Member, string Ticket);
