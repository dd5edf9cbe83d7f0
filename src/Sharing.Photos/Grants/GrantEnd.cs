namespace Sharing.Photos;

/// <summary>When a grant is to close.</summary>
/// <param name="Expires">The time; <c>null</c>: with the photos.</param>
public sealed record GrantEnd(DateTimeOffset? Expires = null);
