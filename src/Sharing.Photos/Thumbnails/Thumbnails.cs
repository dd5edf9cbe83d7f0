namespace Sharing.Photos;

/// <summary>The previews of a picture.</summary>
/// <param name="Jpegs">A JPEG file for each size asked for, at most some hundred kilobytes.</param>
/// <param name="ThumbHash">A placeholder of some 25 bytes (https://evanw.github.io/thumbhash/).</param>
public sealed record Thumbnails(IReadOnlyDictionary<int, ReadOnlyMemory<byte>> Jpegs, ReadOnlyMemory<byte> ThumbHash);
