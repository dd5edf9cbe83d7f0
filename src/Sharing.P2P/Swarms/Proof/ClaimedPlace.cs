using System.Net;

namespace Sharing.P2P;

/// <summary>Where a terminal says that it is.</summary>
/// <param name="Device">The terminal: the hash of its certificate's key.</param>
/// <param name="At">The address.</param>
/// <param name="IsPlain">It speaks without TLS there.</param>
/// <param name="Ticket">The ticket that it showed, which it will know.</param>
public sealed record ClaimedPlace(string Device, IPEndPoint At, bool IsPlain, string Ticket);
