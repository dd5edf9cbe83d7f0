namespace Sharing.Photos;

/// <summary>A stretch of a copy.</summary>
/// <param name="At">Where in the copy it begins.</param>
/// <param name="Start">Where in the original its bytes are; -1: they are not in it.</param>
/// <param name="Length">How many there are.</param>
/// <param name="Bytes">The bytes that are not in the original; <c>null</c>: zeros.</param>
readonly record struct CopyPart(long At, long Start, long Length, byte[]? Bytes = null);
