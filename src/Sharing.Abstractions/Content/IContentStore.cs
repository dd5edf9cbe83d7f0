namespace Sharing;

/// <summary>Keeps contents under their ids. A driver: it neither checks hashes nor counts references.</summary>
/// <remarks>Thread-safe singleton. A content is visible whole or not at all. "Not there" is <c>null</c> or <c>false</c>;
/// exceptions are faults, and <see cref="IOException"/>s among them may be tried again.</remarks>
public interface IContentStore
{
    /// <summary>Whether the store has it, and how long it is.</summary>
    ValueTask<ContentInfo?> FindAsync(ContentId id, CancellationToken cancellationToken = default);

    /// <summary>Opens a content for reading, or returns <c>null</c> when it is not there.</summary>
    ValueTask<IContentReader?> OpenAsync(ContentId id, CancellationToken cancellationToken = default);

    /// <summary>Opens the partial content of that key, with what an earlier process left in it, or an empty one.</summary>
    /// <param name="key">1 to 100 characters of <c>a-z 0-9 - .</c>, not beginning with a dot.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SharingException"><see cref="ProblemCodes.Conflict"/>: it is open already.</exception>
    ValueTask<IPartialContent> OpenPartialAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Deletes the bytes at once. Whether they may go is decided elsewhere (see <c>ContentReferences</c>).</summary>
    /// <returns>Whether there was anything to delete.</returns>
    ValueTask<bool> DeleteAsync(ContentId id, CancellationToken cancellationToken = default);

    /// <summary>Lists all contents, in no order.</summary>
    IAsyncEnumerable<ContentInfo> ListAsync(CancellationToken cancellationToken = default);
}
