using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sharing.Core;

/// <summary>The BLAKE3 hash of bytes that come piece by piece, in about 2 KB of memory whatever their number.</summary>
/// <remarks>
/// Not for use by several threads at once. Only the constructor allocates. Fastest with pieces of 64 KiB or more (a power of two)
/// from the start on: they go to the wide kernels as they are; short pieces are collected chunk by chunk and go one block at a time.
/// Source: the incremental hasher of the BLAKE3 paper, section 5.1.
/// </remarks>
public sealed class Blake3Hasher
{
    readonly byte[] stackMemory = new byte[ChainingStack.Size];
    readonly byte[] chunkValue = new byte[Blake3Format.HashSize];
    readonly byte[] block = new byte[Blake3Format.BlockSize];
    int stackCount;
    int blockLength;
    int blocksDone;
    ulong chunks;

    /// <summary>Starts with no bytes.</summary>
    public Blake3Hasher() => Reset();

    int ChunkLength => (blocksDone * Blake3Format.BlockSize) + blockLength;

    /// <summary>Adds <paramref name="bytes"/>, any number of them, after all that came before.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var stack = new ChainingStack(stackMemory, stackCount);
        if (ChunkLength > 0)
        {
            bytes = bytes[AppendToChunk(bytes)..];
            if (bytes.IsEmpty)
            {
                return;
            }
            FinishChunk(ref stack);
        }
        bytes = AppendSubtrees(ref stack, bytes);
        if (!bytes.IsEmpty)
        {
            stack.Merge(chunks);
            AppendToChunk(bytes);
        }
        stackCount = stack.Count;
    }

    /// <summary>Writes the hash of all bytes so far. The state stays as it is: more may be appended afterwards.</summary>
    /// <param name="destination">Exactly <see cref="Blake3.HashSize"/> bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length.</exception>
    public void Finish(Span<byte> destination)
    {
        Blake3.RequireHashSize(destination, nameof(destination));
        if (stackCount == 0)
        {
            CompressLast(Blake3Format.Root, destination);
            return;
        }
        var stack = new ChainingStack(stackMemory, stackCount);
        if (ChunkLength == 0)
        {
            // The input ended with a whole subtree, kept as two values for this case.
            stack.Fold(stackCount - 1, stack.Value(stackCount - 1), destination);
            return;
        }
        Span<byte> last = stackalloc byte[Blake3Format.HashSize];
        CompressLast(0, last);
        stack.Fold(stackCount, last, destination);
    }

    /// <summary>Forgets all bytes; the next <see cref="Append"/> starts a new hash.</summary>
    public void Reset()
    {
        stackCount = 0;
        chunks = 0;
        StartChunk();
    }

    void StartChunk()
    {
        Blake3Format.Iv.CopyTo(chunkValue);
        blockLength = 0;
        blocksDone = 0;
    }

    /// <summary>Takes bytes until the chunk is full, and returns how many. A full block waits: it may be the chunk's last.</summary>
    unsafe int AppendToChunk(ReadOnlySpan<byte> bytes)
    {
        var wanted = Math.Min(bytes.Length, Blake3Format.ChunkSize - ChunkLength);
        bytes = bytes[..wanted];
        fixed (byte* value = chunkValue, waiting = block, source = bytes)
        {
            var next = 0;
            while (next < wanted)
            {
                if (blockLength == Blake3Format.BlockSize)
                {
                    CompressInside(value, waiting);
                    blockLength = 0;
                }
                while (blockLength == 0 && wanted - next > Blake3Format.BlockSize)
                {
                    CompressInside(value, source + next);
                    next += Blake3Format.BlockSize;
                }
                var take = Math.Min(wanted - next, Blake3Format.BlockSize - blockLength);
                bytes.Slice(next, take).CopyTo(block.AsSpan(blockLength));
                blockLength += take;
                next += take;
            }
        }
        return wanted;
    }

    unsafe void CompressInside(byte* value, byte* source)
    {
        var flags = blocksDone == 0 ? Blake3Format.ChunkStart : 0;
        Blake3Scalar.Compress(value, source, Blake3Format.BlockSize, chunks, flags, value);
        blocksDone++;
    }

    unsafe void CompressLast(uint rootFlag, Span<byte> destination)
    {
        var flags = (blocksDone == 0 ? Blake3Format.ChunkStart : 0) | Blake3Format.ChunkEnd | rootFlag;
        fixed (byte* value = chunkValue, waiting = block, target = destination)
        {
            Blake3Scalar.CompressLast(value, waiting, blockLength, chunks, flags, target);
        }
    }

    void FinishChunk(scoped ref ChainingStack stack)
    {
        Span<byte> value = stackalloc byte[Blake3Format.HashSize];
        CompressLast(0, value);
        stack.Push(chunks, value);
        chunks++;
        StartChunk();
    }

    /// <summary>Hashes the largest whole subtrees that may start here, until at most one chunk is left; returns what is left.</summary>
    [SkipLocalsInit]
    ReadOnlySpan<byte> AppendSubtrees(scoped ref ChainingStack stack, ReadOnlySpan<byte> bytes)
    {
        Span<byte> values = stackalloc byte[2 * Blake3Format.HashSize];
        while (bytes.Length > Blake3Format.ChunkSize)
        {
            var count = 1 << BitOperations.Log2((uint)Math.Min(bytes.Length, Blake3Tree.MaxLength) / Blake3Format.ChunkSize);
            if (chunks != 0)
            {
                count = (int)Math.Min((ulong)count, chunks & (0 - chunks));
            }
            var length = count * Blake3Format.ChunkSize;
            if (count == 1)
            {
                Blake3Tree.Hash(bytes[..length], chunks, 0, values[..Blake3Format.HashSize]);
                stack.Push(chunks, values[..Blake3Format.HashSize]);
            }
            else
            {
                // In two halves: should nothing follow, their parent is the root or on its way, and the fold makes it.
                Blake3Tree.HashPair(bytes[..length], chunks, values);
                stack.Push(chunks, values[..Blake3Format.HashSize]);
                stack.Push(chunks + ((uint)count / 2), values[Blake3Format.HashSize..]);
            }
            chunks += (uint)count;
            bytes = bytes[length..];
        }
        return bytes;
    }
}
