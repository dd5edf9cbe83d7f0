namespace Sharing.Offline;

/// <summary>How far the offline library is with a post's resource.</summary>
/// <param name="State">How far.</param>
/// <param name="Content">The content, once stored.</param>
public sealed record PostContentState(OfflineState State, ContentInfo? Content);
