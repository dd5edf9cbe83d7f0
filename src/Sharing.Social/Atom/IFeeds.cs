namespace Sharing.Social;

/// <summary>People's feeds, for whoever knows their addresses. Thread-safe singleton.</summary>
public interface IFeeds
{
    /// <summary>A feed, in UTF-8 (RFC 4287), by the id in its address; <c>null</c>: there is none.</summary>
    Task<ReadOnlyMemory<byte>?> FindAsync(string id, CancellationToken cancellationToken = default);
}
