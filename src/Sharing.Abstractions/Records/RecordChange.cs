namespace Sharing;

/// <summary>One change of a <see cref="RecordBatch"/>.</summary>
/// <param name="Key">The record.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Json">The new value of a put.</param>
/// <param name="Expected">The version it must have: a version, <see cref="RecordBatch.Any"/> or <see cref="RecordBatch.Absent"/>.</param>
public readonly record struct RecordChange(RecordKey Key, RecordChangeKind Kind, ReadOnlyMemory<byte> Json, long Expected);
