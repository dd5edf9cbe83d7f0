namespace Sharing.Core;

/// <summary>A value read from a record, with the version it had then.</summary>
/// <typeparam name="T">What the record holds.</typeparam>
/// <param name="Key">The record's key.</param>
/// <param name="Value">The value.</param>
/// <param name="Version">The version, to be expected when the record is written again.</param>
public sealed record Versioned<T>(RecordKey Key, T Value, long Version);
