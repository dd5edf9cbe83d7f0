namespace Sharing.Messaging;

/// <summary>All handlers that a server offers, at one time.</summary>
/// <param name="Version">Grows with each change: an older one is not taken for a newer one.</param>
/// <param name="Expires">Until when it may be used: one that is held back is not taken for the last one.</param>
/// <param name="Handlers">The handlers.</param>
public sealed record HandlerIndex(long Version, DateTimeOffset Expires, IReadOnlyList<HandlerOffer> Handlers);
