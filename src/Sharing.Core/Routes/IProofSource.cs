namespace Sharing.Core;

/// <summary>An optional ability of a source that knows its content id: hands out the group hashes that fold into it.</summary>
public interface IProofSource
{
    /// <summary>Opens the list of group hashes: 32 bytes for each group, in order. It is believed only after folding.</summary>
    ValueTask<Stream> OpenGroupsAsync(CancellationToken cancellationToken = default);
}
