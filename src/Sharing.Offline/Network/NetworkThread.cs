namespace Sharing.Offline;

/// <summary>A post with its comments, oldest first.</summary>
/// <param name="Post">The post.</param>
/// <param name="Comments">At most the newest 500.</param>
public sealed record NetworkThread(NetworkPost Post, IReadOnlyList<NetworkComment> Comments);
