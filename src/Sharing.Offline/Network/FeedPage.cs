namespace Sharing.Offline;

/// <summary>A page of a feed, newest first.</summary>
/// <param name="Posts">The posts: fewer than asked for where many had to be passed over.</param>
/// <param name="Next">Pass it on for the next page; <c>null</c> on the last. Opaque.</param>
public sealed record FeedPage(IReadOnlyList<NetworkPost> Posts, string? Next);
