namespace Sharing.P2P;

/// <summary>An address that a content can be had from.</summary>
/// <param name="Address">The address, with a ticket in its path.</param>
/// <param name="Priority">1 is asked first (RFC 5854, 4.2.16).</param>
public sealed record Mirror(Uri Address, int Priority);
