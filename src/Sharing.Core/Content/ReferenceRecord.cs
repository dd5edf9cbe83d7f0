namespace Sharing.Core;

/// <summary>The record <c>reference/{id}/{owner}</c>.</summary>
/// <param name="Since">When it was made.</param>
sealed record ReferenceRecord(DateTimeOffset Since);
