using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sharing.Core;

/// <summary>One block, one chunk or one parent at a time, on any processor; also the tail of what the wide kernels leave over.</summary>
/// <remarks>Chaining values are 32 bytes, little-endian whatever the machine, so that two neighbours are a parent's block.</remarks>
static unsafe class Blake3Scalar
{
    /// <summary>
    /// The hash of one chunk of 0..1024 bytes; <paramref name="rootFlag"/> is <see cref="Blake3Format.Root"/> for an only chunk, else 0.
    /// </summary>
    public static void HashChunk(byte* input, int length, ulong counter, uint rootFlag, byte* destination)
    {
        var cv = stackalloc byte[Blake3Format.HashSize];
        Blake3Format.Iv.CopyTo(new Span<byte>(cv, Blake3Format.HashSize));
        var flags = Blake3Format.ChunkStart;
        while (length > Blake3Format.BlockSize)
        {
            Compress(cv, input, Blake3Format.BlockSize, counter, flags, cv);
            flags = 0;
            input += Blake3Format.BlockSize;
            length -= Blake3Format.BlockSize;
        }
        CompressLast(cv, input, length, counter, flags | Blake3Format.ChunkEnd | rootFlag, destination);
    }

    /// <summary>Compresses a block of 0..64 bytes, padded with zeros.</summary>
    public static void CompressLast(byte* cv, byte* block, int length, ulong counter, uint flags, byte* destination)
    {
        if (length == Blake3Format.BlockSize)
        {
            Compress(cv, block, Blake3Format.BlockSize, counter, flags, destination);
            return;
        }
        var padded = stackalloc byte[Blake3Format.BlockSize];
        var rest = new Span<byte>(padded, Blake3Format.BlockSize);
        new ReadOnlySpan<byte>(block, length).CopyTo(rest);
        rest[length..].Clear();
        Compress(cv, padded, (uint)length, counter, flags, destination);
    }

    /// <summary>The parent of two neighbouring chaining values (64 bytes at <paramref name="pair"/>); may be written over them.</summary>
    public static void HashParent(byte* pair, uint rootFlag, byte* destination)
    {
        fixed (byte* iv = Blake3Format.Iv)
        {
            Compress(iv, pair, Blake3Format.BlockSize, 0, Blake3Format.Parent | rootFlag, destination);
        }
    }

    /// <summary>The compression function, cut to its first 32 bytes of output.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compress(byte* cv, byte* block, uint blockLength, ulong counter, uint flags, byte* destination)
    {
        var swapped = stackalloc uint[16];
        var m = (uint*)block;
        if (!BitConverter.IsLittleEndian)
        {
            for (var i = 0; i < 16; i++)
            {
                swapped[i] = Load(block, i);
            }
            m = swapped;
        }
        var v0 = Load(cv, 0);
        var v1 = Load(cv, 1);
        var v2 = Load(cv, 2);
        var v3 = Load(cv, 3);
        var v4 = Load(cv, 4);
        var v5 = Load(cv, 5);
        var v6 = Load(cv, 6);
        var v7 = Load(cv, 7);
        var v8 = Blake3Format.Iv0;
        var v9 = Blake3Format.Iv1;
        var v10 = Blake3Format.Iv2;
        var v11 = Blake3Format.Iv3;
        var v12 = (uint)counter;
        var v13 = (uint)(counter >> 32);
        var v14 = blockLength;
        var v15 = flags;
        Mix(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7, ref v8, ref v9, ref v10, ref v11,
            ref v12, ref v13, ref v14, ref v15, m, 0, 1, 2, 3, 4, 5, 6, 7);
        Mix(ref v0, ref v1, ref v2, ref v3, ref v5, ref v6, ref v7, ref v4, ref v10, ref v11, ref v8, ref v9,
            ref v15, ref v12, ref v13, ref v14, m, 8, 9, 10, 11, 12, 13, 14, 15);
        Mix(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7, ref v8, ref v9, ref v10, ref v11,
            ref v12, ref v13, ref v14, ref v15, m, 2, 6, 3, 10, 7, 0, 4, 13);
        Mix(ref v0, ref v1, ref v2, ref v3, ref v5, ref v6, ref v7, ref v4, ref v10, ref v11, ref v8, ref v9,
            ref v15, ref v12, ref v13, ref v14, m, 1, 11, 12, 5, 9, 14, 15, 8);
        Mix(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7, ref v8, ref v9, ref v10, ref v11,
            ref v12, ref v13, ref v14, ref v15, m, 3, 4, 10, 12, 13, 2, 7, 14);
        Mix(ref v0, ref v1, ref v2, ref v3, ref v5, ref v6, ref v7, ref v4, ref v10, ref v11, ref v8, ref v9,
            ref v15, ref v12, ref v13, ref v14, m, 6, 5, 9, 0, 11, 15, 8, 1);
        Mix(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7, ref v8, ref v9, ref v10, ref v11,
            ref v12, ref v13, ref v14, ref v15, m, 10, 7, 12, 9, 14, 3, 13, 15);
        Mix(ref v0, ref v1, ref v2, ref v3, ref v5, ref v6, ref v7, ref v4, ref v10, ref v11, ref v8, ref v9,
            ref v15, ref v12, ref v13, ref v14, m, 4, 0, 11, 2, 5, 8, 1, 6);
        Mix(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7, ref v8, ref v9, ref v10, ref v11,
            ref v12, ref v13, ref v14, ref v15, m, 12, 13, 9, 11, 15, 10, 14, 8);
        Mix(ref v0, ref v1, ref v2, ref v3, ref v5, ref v6, ref v7, ref v4, ref v10, ref v11, ref v8, ref v9,
            ref v15, ref v12, ref v13, ref v14, m, 7, 2, 5, 3, 0, 1, 6, 4);
        Mix(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7, ref v8, ref v9, ref v10, ref v11,
            ref v12, ref v13, ref v14, ref v15, m, 9, 14, 11, 5, 8, 12, 15, 1);
        Mix(ref v0, ref v1, ref v2, ref v3, ref v5, ref v6, ref v7, ref v4, ref v10, ref v11, ref v8, ref v9,
            ref v15, ref v12, ref v13, ref v14, m, 13, 3, 0, 10, 2, 6, 4, 7);
        Mix(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7, ref v8, ref v9, ref v10, ref v11,
            ref v12, ref v13, ref v14, ref v15, m, 11, 15, 5, 0, 1, 9, 8, 6);
        Mix(ref v0, ref v1, ref v2, ref v3, ref v5, ref v6, ref v7, ref v4, ref v10, ref v11, ref v8, ref v9,
            ref v15, ref v12, ref v13, ref v14, m, 14, 10, 2, 12, 3, 4, 7, 13);
        Store(destination, 0, v0 ^ v8);
        Store(destination, 1, v1 ^ v9);
        Store(destination, 2, v2 ^ v10);
        Store(destination, 3, v3 ^ v11);
        Store(destination, 4, v4 ^ v12);
        Store(destination, 5, v5 ^ v13);
        Store(destination, 6, v6 ^ v14);
        Store(destination, 7, v7 ^ v15);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Mix(
        ref uint a0, ref uint a1, ref uint a2, ref uint a3,
        ref uint b0, ref uint b1, ref uint b2, ref uint b3,
        ref uint c0, ref uint c1, ref uint c2, ref uint c3,
        ref uint d0, ref uint d1, ref uint d2, ref uint d3,
        uint* m, int w0, int w1, int w2, int w3, int w4, int w5, int w6, int w7)
    {
        a0 = a0 + m[w0] + b0;
        a1 = a1 + m[w2] + b1;
        a2 = a2 + m[w4] + b2;
        a3 = a3 + m[w6] + b3;
        d0 = BitOperations.RotateRight(d0 ^ a0, 16);
        d1 = BitOperations.RotateRight(d1 ^ a1, 16);
        d2 = BitOperations.RotateRight(d2 ^ a2, 16);
        d3 = BitOperations.RotateRight(d3 ^ a3, 16);
        c0 = c0 + d0;
        c1 = c1 + d1;
        c2 = c2 + d2;
        c3 = c3 + d3;
        b0 = BitOperations.RotateRight(b0 ^ c0, 12);
        b1 = BitOperations.RotateRight(b1 ^ c1, 12);
        b2 = BitOperations.RotateRight(b2 ^ c2, 12);
        b3 = BitOperations.RotateRight(b3 ^ c3, 12);
        a0 = a0 + m[w1] + b0;
        a1 = a1 + m[w3] + b1;
        a2 = a2 + m[w5] + b2;
        a3 = a3 + m[w7] + b3;
        d0 = BitOperations.RotateRight(d0 ^ a0, 8);
        d1 = BitOperations.RotateRight(d1 ^ a1, 8);
        d2 = BitOperations.RotateRight(d2 ^ a2, 8);
        d3 = BitOperations.RotateRight(d3 ^ a3, 8);
        c0 = c0 + d0;
        c1 = c1 + d1;
        c2 = c2 + d2;
        c3 = c3 + d3;
        b0 = BitOperations.RotateRight(b0 ^ c0, 7);
        b1 = BitOperations.RotateRight(b1 ^ c1, 7);
        b2 = BitOperations.RotateRight(b2 ^ c2, 7);
        b3 = BitOperations.RotateRight(b3 ^ c3, 7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Load(byte* source, int word) => BinaryPrimitives.ReadUInt32LittleEndian(new ReadOnlySpan<byte>(source + word * 4, 4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(byte* target, int word, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(target + word * 4, 4), value);
}
