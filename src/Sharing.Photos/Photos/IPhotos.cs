namespace Sharing.Photos;

/// <summary>The photos that a person has uploaded: his own side (rows F1–F6). A photo comes by an upload for the purpose <see cref="PhotoUploads.Purpose"/>.</summary>
/// <remarks>Thread-safe. What is not the actor's is <c>null</c> or <c>false</c>, like what is not there; so is what has expired, from that moment on.</remarks>
public interface IPhotos
{
    /// <summary>A photo.</summary>
    Task<Photo?> FindAsync(PersonId actor, PhotoId id, CancellationToken cancellationToken = default);

    /// <summary>The actor's photos, the newest first; those that a filter names, or all.</summary>
    IAsyncEnumerable<Photo> ListAsync(PersonId actor, PhotoFilter filter = default, CancellationToken cancellationToken = default);

    /// <summary>Gives a photo another name or another end.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: it does not fit.</exception>
    Task<Photo?> ChangeAsync(PersonId actor, PhotoId id, PhotoChange change, CancellationToken cancellationToken = default);

    /// <summary>Removes a photo from the server, for everybody. Its room is free at once.</summary>
    Task<bool> DeleteAsync(PersonId actor, PhotoId id, CancellationToken cancellationToken = default);

    /// <summary>The bytes of a photo, as they came; or of its preview.</summary>
    /// <param name="actor">Whose it is.</param>
    /// <param name="id">The photo.</param>
    /// <param name="preview">The length of the preview's longer side, one of <see cref="PreviewSizes.All"/>; <c>null</c>: the original.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<GrantedBytes?> OpenAsync(PersonId actor, PhotoId id, int? preview, CancellationToken cancellationToken = default);
}
