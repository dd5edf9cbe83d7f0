namespace Sharing.Photos;

/// <summary>How far uploads are.</summary>
/// <param name="File">The file that is being sent.</param>
/// <param name="Done">How many files are there.</param>
/// <param name="Count">How many there will be.</param>
/// <param name="SentBytes">How many bytes are there.</param>
/// <param name="Bytes">How many there will be.</param>
public sealed record PhotoUploadProgress(string File, int Done, int Count, long SentBytes, long Bytes);
