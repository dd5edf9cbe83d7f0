namespace Sharing.Core;

/// <summary>An optional ability of a source that knows its content id: brings just the part that is asked for, several at a time. It may hold some chunks only.</summary>
public interface IPartSource : IProofSource
{
    /// <summary>Begins to read a part.</summary>
    /// <param name="offset">In bytes, a multiple of the group size.</param>
    /// <param name="length">How many bytes are wanted, at least one; the body ends there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<Stream> OpenPartAsync(long offset, long length, CancellationToken cancellationToken = default);

    /// <summary>The bytes that it has, as runs of whole groups, and from then on what it gets, until it is given up. <c>null</c>: it has all of them.</summary>
    IAsyncEnumerable<ByteRun>? WatchHeldAsync(CancellationToken cancellationToken = default);
}
