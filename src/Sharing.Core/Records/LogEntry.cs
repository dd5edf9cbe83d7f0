using System.Text.Json;

namespace Sharing.Core;

/// <summary>An entry of an <see cref="EventLog"/>.</summary>
/// <param name="Number">Its number: one more than that of the entry before.</param>
/// <param name="Payload">What was appended.</param>
public readonly record struct LogEntry(long Number, JsonElement Payload);
