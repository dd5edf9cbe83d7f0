namespace Sharing.Apps;

/// <summary>Blinded contacts, or what the server made of them.</summary>
/// <param name="Points">Points of P-256: the x of each, 32 bytes in base64.</param>
public sealed record ContactPoints(IReadOnlyList<byte[]> Points);
