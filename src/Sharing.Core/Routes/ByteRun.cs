namespace Sharing.Core;

/// <summary>Bytes of a content that follow each other.</summary>
/// <param name="Offset">Where they begin.</param>
/// <param name="Length">How many they are.</param>
public readonly record struct ByteRun(long Offset, long Length);
