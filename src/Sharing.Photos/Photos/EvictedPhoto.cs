namespace Sharing.Photos;

/// <summary>A photo that goes to make room.</summary>
/// <param name="Id">The photo.</param>
/// <param name="Name">Its name.</param>
/// <param name="Length">How many bytes that frees.</param>
/// <param name="SharedWith">The friends who can see it and would lose it.</param>
public sealed record EvictedPhoto(PhotoId Id, string Name, long Length, IReadOnlyList<string> SharedWith);
