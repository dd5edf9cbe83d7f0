using System.Buffers;

namespace Sharing.Core;

/// <summary>Reads bytes at an offset until the buffer is full, or as many as there are.</summary>
delegate ValueTask<int> ReadAt(long offset, Memory<byte> buffer, CancellationToken cancellationToken);

/// <summary>Takes the hashes of groups that follow each other, 32 bytes each.</summary>
delegate ValueTask TakeHashes(long firstGroup, ReadOnlyMemory<byte> hashes, CancellationToken cancellationToken);

/// <summary>Hashes a content of known length group by group, on several threads: each reads and hashes a block of 512 KiB at a time, which a processor's own cache has room for.</summary>
sealed class GroupHashing : IDisposable
{
    const int GroupsPerBlock = 8;
    const int BlockSize = GroupsPerBlock * ContentTree.GroupSize;

    readonly ReadAt _read;
    readonly long _length;
    readonly TakeHashes? _take;
    readonly IProgress<long>? _progress;
    readonly ContentTreeBuilder _tree = new();
    readonly SemaphoreSlim _folding = new(1);
    readonly SortedDictionary<long, byte[]> _waiting = [];
    long _nextToRead;
    long _nextToFold;

    GroupHashing(ReadAt read, long length, TakeHashes? take, IProgress<long>? progress) => (_read, _length, _take, _progress) = (read, length, take, progress);

    /// <summary>Hashes the content.</summary>
    /// <param name="read">Reads its bytes; several calls at once.</param>
    /// <param name="length">How many there are.</param>
    /// <param name="threads">How many blocks are worked on at once.</param>
    /// <param name="take">Gets all group hashes, in order, one call at a time.</param>
    /// <param name="progress">Told the bytes done.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EndOfStreamException">There are fewer bytes than that.</exception>
    public static async Task<ContentId> RunAsync(
        ReadAt read, long length, int threads, TakeHashes? take = null, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        using var hashing = new GroupHashing(read, length, take, progress);
        var blocks = Math.Max(1, (length + BlockSize - 1) / BlockSize);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var workers = Enumerable.Range(0, (int)Math.Min(threads, blocks)).Select(_ => Task.Run(() => hashing.WorkAsync(blocks, stop), stop.Token)).ToArray();
        await Task.WhenAll(workers);
        return GroupHashes.Fold(hashing._tree);
    }

    public void Dispose() => _folding.Dispose();

    async Task WorkAsync(long blocks, CancellationTokenSource stop)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(BlockSize, Math.Max(1, _length)));
        try
        {
            for (long block; (block = Interlocked.Increment(ref _nextToRead) - 1) < blocks;)
            {
                await HashAsync(block, buffer, stop.Token);
            }
        }
        catch
        {
            await stop.CancelAsync(); // the others need not go on
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    async Task HashAsync(long block, byte[] buffer, CancellationToken cancellationToken)
    {
        var offset = block * BlockSize;
        var length = (int)Math.Min(BlockSize, _length - offset);
        if (await GroupHashes.ReadUpToAsync(_read, offset, buffer.AsMemory(0, length), cancellationToken) is var read && read < length)
        {
            throw new EndOfStreamException($"A content of {_length} bytes ends at {offset + read}.");
        }

        var hashes = new byte[ContentTree.GroupCount(length) * ContentId.Size];
        Hash(buffer.AsSpan(0, length), block * GroupsPerBlock, _length <= ContentTree.GroupSize, hashes);
        await FoldAsync(block, hashes, cancellationToken);
        _progress?.Report(length);
    }

    /// <summary>The hashes of groups that follow each other.</summary>
    /// <param name="bytes">Whole groups, the last may be short.</param>
    /// <param name="firstGroup">The number of the first.</param>
    /// <param name="only">Whether the content has no other group.</param>
    /// <param name="hashes">Room for 32 bytes a group.</param>
    public static void Hash(ReadOnlySpan<byte> bytes, long firstGroup, bool only, Span<byte> hashes)
    {
        if (only)
        {
            ContentTree.HashOnlyGroup(bytes, hashes);
            return;
        }

        for (var group = 0; bytes.Length > 0; group++)
        {
            var one = bytes[..Math.Min(bytes.Length, ContentTree.GroupSize)];
            ContentTree.HashGroup(one, firstGroup + group, hashes.Slice(group * ContentId.Size, ContentId.Size));
            bytes = bytes[one.Length..];
        }
    }

    async Task FoldAsync(long block, byte[] hashes, CancellationToken cancellationToken)
    {
        await _folding.WaitAsync(cancellationToken);
        try
        {
            _waiting.Add(block, hashes);
            while (_waiting.Remove(_nextToFold, out var next))
            {
                GroupHashes.Add(_tree, next);
                if (_take is not null)
                {
                    await _take(_nextToFold * GroupsPerBlock, next, cancellationToken);
                }

                _nextToFold++;
            }
        }
        finally
        {
            _folding.Release();
        }
    }
}
