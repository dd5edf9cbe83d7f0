namespace Sharing.Offline;

/// <summary>The bytes behind a post, for whoever may see the post: what the offline library has of its resource.</summary>
/// <remarks>Thread-safe singleton. The right is that to the post; the content id opens nothing.</remarks>
public interface IPostContent
{
    /// <summary>How far the library is, now and whenever that changes; ends at once when the actor (<c>null</c>: not signed in) may not
    /// see the post, and when the library will not have the resource.</summary>
    IAsyncEnumerable<PostContentState> WatchAsync(PersonId? actor, PostId id, CancellationToken cancellationToken = default);

    /// <summary>Opens the stored bytes, or returns <c>null</c>: not stored, not there, or not for him.</summary>
    Task<IContentReader?> OpenAsync(PersonId? actor, PostId id, CancellationToken cancellationToken = default);
}
