namespace Sharing.Photos;

/// <summary>What friends see of what was granted to them (rows F9 and F11). Thread-safe.</summary>
/// <remarks>A grant opens for the one whom it is for, and nobody else: a friend who has signed in and is the owner's friend still; or whoever has shown that the mail address is his. To all others, and
/// after its end, it is not there.</remarks>
public interface IPhotoEntries
{
    /// <summary>What was granted to a person, the newest first.</summary>
    IAsyncEnumerable<GrantView> ListAsync(PersonId actor, CancellationToken cancellationToken = default);

    /// <summary>What a grant shows.</summary>
    Task<GrantView?> OpenAsync(GrantVisitor actor, GrantId id, CancellationToken cancellationToken = default);

    /// <summary>The bytes of a photo, as they came; or of its preview.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="id">The grant.</param>
    /// <param name="photo">The photo.</param>
    /// <param name="preview">The length of the preview's longer side, one of <see cref="PreviewSizes.All"/>; <c>null</c>: the original.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<GrantedBytes?> OpenPhotoAsync(GrantVisitor actor, GrantId id, PhotoId photo, int? preview, CancellationToken cancellationToken = default);

    /// <summary>Photos as one ZIP archive, unpacked as they came; the same bytes at each time, as long as the photos are the same.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="id">The grant.</param>
    /// <param name="some">Which photos; none: all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<GrantedBytes?> OpenArchiveAsync(GrantVisitor actor, GrantId id, IReadOnlyCollection<PhotoId> some, CancellationToken cancellationToken = default);
}
