namespace Sharing.AspNetCore;

/// <summary>A connection to the port for terminals, by TLS.</summary>
/// <param name="Device">The terminal that connected, as its certificate proves; <c>null</c>: it showed none.</param>
sealed record PeerConnection(string? Device);
