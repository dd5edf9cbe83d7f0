namespace Sharing.Core;

/// <summary>The record <c>scrub</c>: how far the scrub of all contents has come.</summary>
/// <param name="Started">When it began.</param>
/// <param name="Cursor">The last content looked at; <c>null</c>: all were.</param>
/// <param name="Found">What was found so far.</param>
sealed record ScrubRecord(DateTimeOffset Started, string? Cursor, ScrubOutcome Found);
