namespace Sharing.Core;

/// <summary>The record <c>space/{person}</c>.</summary>
/// <param name="Bytes">What is used or reserved.</param>
sealed record SpaceRecord(long Bytes);
