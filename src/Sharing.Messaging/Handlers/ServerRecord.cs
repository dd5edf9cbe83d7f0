namespace Sharing.Messaging;

/// <summary>What a terminal remembers of its server.</summary>
/// <param name="Key">The key by which it signs.</param>
/// <param name="Version">The newest index that was seen.</param>
sealed record ServerRecord(string Key, long Version);
