namespace Sharing.Core;

/// <summary>The record <c>content-deletions</c>: written together with every removal of a <c>content/{id}</c> record, so that whoever
/// builds on there being none can check that none came and went.</summary>
/// <param name="Last">The content whose record was removed last.</param>
sealed record DeletionsRecord(string Last);
