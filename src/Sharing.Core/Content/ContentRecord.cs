namespace Sharing.Core;

/// <summary>The record <c>content/{id}</c>.</summary>
/// <param name="Length">The content's length in bytes.</param>
/// <param name="References">How many <c>reference/{id}/…</c> records there are.</param>
/// <param name="State">Live exactly while there are references.</param>
/// <param name="CondemnedAt">Since when there are none.</param>
sealed record ContentRecord(long Length, int References, ContentState State, DateTimeOffset? CondemnedAt);
