namespace Sharing.Offline;

/// <summary>Asks for the caller to be erased.</summary>
/// <param name="Confirmed">Must be <c>true</c>: it cannot be taken back.</param>
public sealed record ErasureRequest(bool Confirmed);
