namespace Sharing.P2P;

/// <summary>A share that a terminal waits for, as the server brings it.</summary>
/// <param name="Nonce">The number that the terminal sent with its request.</param>
/// <param name="Manifest">The share's manifest, with a ticket for the terminal.</param>
public sealed record ShareDelivery(string Nonce, ShareManifest Manifest);
