namespace Sharing;

/// <summary>A content that is still being put together. Survives a restart under its key; at most one is open per key.</summary>
/// <remarks>Reads and writes at different offsets may run at once. Nothing is durable before <see cref="FlushAsync"/> or
/// <see cref="PublishAsync"/> has returned. Disposing keeps the bytes; <see cref="DiscardAsync"/> drops them.</remarks>
public interface IPartialContent : IAsyncDisposable
{
    /// <summary>Reads some bytes that were written before.</summary>
    /// <returns>The number of bytes read; 0 beyond the furthest byte ever written. Gaps read as zero.</returns>
    ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>Writes bytes at an offset.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.NoSpace"/>: the disk is full; what was written before stays.
    /// <see cref="ProblemCodes.ReadOnly"/>: the store takes no writes.</exception>
    ValueTask WriteAsync(ContentArea area, long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default);

    /// <summary>Returns when everything written so far would survive a power cut.</summary>
    /// <returns>How many bytes of the data area survive it: the length of that area as it was when the flush began.</returns>
    ValueTask<long> FlushAsync(CancellationToken cancellationToken = default);

    /// <summary>Cuts both areas to what <paramref name="info"/> needs and makes them readable under its id, durably and all at
    /// once; the partial is gone then. Where the store has that content already, the partial is dropped. The caller vouches for the id.
    /// A content of one group (64 KiB at most) needs no group hashes: its only one is its id, and that is what readers get.</summary>
    /// <exception cref="ArgumentException">An area is shorter than the content needs; the partial is as it was.</exception>
    /// <exception cref="IOException">It is not published. Once a flush has failed, here or in <see cref="FlushAsync"/>, all writes, flushes and publishes
    /// of this partial fail: close it, and open its key again. What was flushed before is there then if bytes were only appended, one write after the other, since
    /// it was opened; group hashes may be missing, and where the disk fails altogether the bytes, too.</exception>
    ValueTask PublishAsync(ContentInfo info, CancellationToken cancellationToken = default);

    /// <summary>Drops the bytes for good.</summary>
    ValueTask DiscardAsync(CancellationToken cancellationToken = default);
}
