namespace Sharing;

/// <summary>An optional companion of <see cref="IContentStore"/>: finds the partial contents that nobody goes on with.</summary>
/// <remarks>Thread-safe, implemented by the store itself.</remarks>
public interface IPartialListing
{
    /// <summary>Lists all partial contents, open or not, in no order. One that comes or goes meanwhile may be missing.</summary>
    IAsyncEnumerable<PartialInfo> ListPartialsAsync(CancellationToken cancellationToken = default);

    /// <summary>Drops the bytes of a partial content for good, unless it is open or was touched since it was listed. Looking and
    /// dropping are one step: whoever opens the key at the same moment gets either what is there or an empty one.</summary>
    /// <param name="partial">As it was listed.</param>
    /// <param name="cancellationToken">Gives up before anything was dropped.</param>
    /// <returns>Whether it was dropped; <c>false</c> also when it is not there.</returns>
    ValueTask<bool> DiscardAsync(PartialInfo partial, CancellationToken cancellationToken = default);
}
