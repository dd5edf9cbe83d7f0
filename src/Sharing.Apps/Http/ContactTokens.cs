namespace Sharing.Apps;

/// <summary>An address book as the server knows it.</summary>
/// <param name="Tokens">Its contacts: 16 bytes each, in base64.</param>
public sealed record ContactTokens(IReadOnlyList<byte[]> Tokens);
