namespace Sharing.Apps;

/// <summary>A part of an index that is read as one: an app, or a member that is not <c>packages</c>.</summary>
/// <param name="Name">The app's id, or the member's name.</param>
/// <param name="IsApp">Whether it is an app.</param>
/// <param name="Offset">Where its value begins, in bytes.</param>
/// <param name="Length">How long that is.</param>
readonly record struct IndexPart(string Name, bool IsApp, long Offset, int Length);
