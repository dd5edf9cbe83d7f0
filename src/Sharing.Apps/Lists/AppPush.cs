namespace Sharing.Apps;

/// <summary>What came of a push.</summary>
/// <param name="State">What.</param>
public sealed record AppPush(AppPushState State);
