using System.Net;

namespace Sharing.P2P;

/// <summary>Who is at the door, as far as his connection proves it.</summary>
/// <param name="IsProven">Whether the connection says who comes: those between terminals do, others (of a server behind a proxy, and without TLS) cannot.</param>
/// <param name="Device">The terminal whose certificate was shown; <c>null</c>: none was.</param>
/// <param name="Place">Where he comes from.</param>
public readonly record struct PeerCaller(bool IsProven, string? Device, IPAddress? Place = null)
{
    /// <summary>Whether a ticket is his to show: of one that names a terminal, that terminal has to be at the other end, where that can be seen.</summary>
    public bool MayUse(ShareTicket ticket) => !IsProven || ticket.Device is null || ticket.Device == Device;
}
