namespace Sharing;

/// <summary>A small picture: at most 1,000,000 bytes, which is what every network takes; a greater one is left out.</summary>
/// <param name="Bytes">The picture: JPEG, PNG or WebP.</param>
/// <param name="MediaType">Which of them.</param>
/// <param name="Description">What is to be seen, for those who do not see it.</param>
public sealed record PostPicture(ReadOnlyMemory<byte> Bytes, string MediaType, string? Description = null)
{
    /// <summary>The greatest size, in bytes.</summary>
    public const int MostBytes = 1_000_000;
}
