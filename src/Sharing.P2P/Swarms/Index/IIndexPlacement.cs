namespace Sharing.P2P;

/// <summary>On a terminal: where the index of a share is (row D6). One of your own may ask another index, or several. Called often, from any thread.</summary>
public interface IIndexPlacement
{
    /// <summary>The index of a share.</summary>
    /// <param name="manifest">The share, as its server described it.</param>
    /// <param name="server">The share's server, with a slash at its end; <c>null</c>: it cannot be reached.</param>
    IChunkIndex Of(ShareManifest manifest, Uri? server);
}
