namespace Sharing;

/// <summary>Finds the picture that networks show beside a post. Optional: without one, posts have none.</summary>
/// <remarks>Thread-safe singleton. Asked at each attempt; give the same answer for the same post where you can.</remarks>
public interface IPostPictures
{
    /// <summary>The picture of a post, or <c>null</c>.</summary>
    ValueTask<PostPicture?> FindAsync(Post post, CancellationToken cancellationToken);
}
