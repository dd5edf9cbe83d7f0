namespace Sharing;

/// <summary>What is known of a source when a chunk is to be given to one.</summary>
/// <param name="Name">Its name, for people.</param>
/// <param name="Kind">What it is.</param>
/// <param name="BytesPerSecond">The rate measured so far; 0 = nothing measured yet.</param>
/// <param name="QueuedBytes">What was asked of it and has not arrived.</param>
/// <param name="Latency">From asking to the first byte, as measured.</param>
/// <param name="PricePerByte">What a byte costs, in units of the host's choice that are comparable to seconds.</param>
public readonly record struct SourceQuote(
    string Name, SourceKind Kind, double BytesPerSecond, long QueuedBytes, TimeSpan Latency, double PricePerByte);
