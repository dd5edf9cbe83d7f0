namespace Sharing.Photos;

/// <summary>Makes previews of pictures. Thread-safe singleton.</summary>
/// <remarks>It gets to see only files whose header <see cref="PictureHeaderReader"/> has taken, and decodes them as what that says they are. The bytes are a stranger's all the same.</remarks>
public interface IThumbnailer
{
    /// <summary>Why it makes none of a format on this host, in words for its operator, e.g. what is to be installed; <c>null</c>: it does.</summary>
    string? WhyNot(PictureFormat format);

    /// <summary>Makes JPEG previews in sRGB, upright, without metadata, never larger than the picture; and a placeholder.</summary>
    /// <param name="picture">The file. Not disposed.</param>
    /// <param name="header">Its header.</param>
    /// <param name="sizes">The lengths of the previews' longer sides, in pixels.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PictureFormatException">It cannot be decoded, or not within what it may cost.</exception>
    Task<Thumbnails> MakeAsync(IContentReader picture, PictureHeader header, IReadOnlyList<int> sizes, CancellationToken cancellationToken = default);

    /// <summary>Puts previews that it made itself on one JPEG of at most 10,000 bytes, a small tile for each, in their order; <c>null</c>: it makes no sheets.</summary>
    Task<ReadOnlyMemory<byte>?> SheetAsync(IReadOnlyList<ReadOnlyMemory<byte>> jpegs, CancellationToken cancellationToken = default) => Task.FromResult<ReadOnlyMemory<byte>?>(null);
}
