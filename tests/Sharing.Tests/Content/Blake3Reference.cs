using Sharing.Core;
using System.Buffers.Binary;
using System.Numerics;

namespace Sharing.Tests.Content;

/// <summary>BLAKE3 from its specification alone: recursive, allocating, nothing shared with the code under test.</summary>
static class Blake3Reference
{
    static readonly uint[] Iv = [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19];
    static readonly int[] Permutation = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];

    public static string Root(ReadOnlySpan<byte> bytes) => Subtree(bytes, 0, 8);

    public static string Subtree(ReadOnlySpan<byte> bytes, ulong firstChunk, uint rootFlag)
    {
        var result = new byte[32];
        var words = Node(bytes, firstChunk, rootFlag);
        for (var i = 0; i < 8; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(result.AsSpan(i * 4), words[i]);
        }
        return Convert.ToHexStringLower(result);
    }

    static uint[] Node(ReadOnlySpan<byte> bytes, ulong firstChunk, uint rootFlag)
    {
        if (bytes.Length <= 1024)
        {
            return Chunk(bytes, firstChunk, rootFlag);
        }
        var left = 1024 << BitOperations.Log2((uint)(bytes.Length - 1) / 1024);
        uint[] message = [.. Node(bytes[..left], firstChunk, 0), .. Node(bytes[left..], firstChunk + ((ulong)left / 1024), 0)];
        return Compress(Iv, message, 0, 64, 4 | rootFlag);
    }

    static uint[] Chunk(ReadOnlySpan<byte> bytes, ulong number, uint rootFlag)
    {
        var value = Iv;
        var blocks = Math.Max(1, (bytes.Length + 63) / 64);
        for (var i = 0; i < blocks; i++)
        {
            var block = bytes[(i * 64)..Math.Min(bytes.Length, (i + 1) * 64)];
            var padded = new byte[64];
            block.CopyTo(padded);
            var message = new uint[16];
            for (var word = 0; word < 16; word++)
            {
                message[word] = BinaryPrimitives.ReadUInt32LittleEndian(padded.AsSpan(word * 4));
            }
            var flags = (i == 0 ? 1u : 0) | (i == blocks - 1 ? 2 | rootFlag : 0);
            value = Compress(value, message, number, (uint)block.Length, flags);
        }
        return value;
    }

    static uint[] Compress(uint[] h, uint[] m, ulong counter, uint length, uint flags)
    {
        uint[] v = [.. h, Iv[0], Iv[1], Iv[2], Iv[3], (uint)counter, (uint)(counter >> 32), length, flags];
        for (var round = 0; round < 7; round++)
        {
            G(v, 0, 4, 8, 12, m[0], m[1]);
            G(v, 1, 5, 9, 13, m[2], m[3]);
            G(v, 2, 6, 10, 14, m[4], m[5]);
            G(v, 3, 7, 11, 15, m[6], m[7]);
            G(v, 0, 5, 10, 15, m[8], m[9]);
            G(v, 1, 6, 11, 12, m[10], m[11]);
            G(v, 2, 7, 8, 13, m[12], m[13]);
            G(v, 3, 4, 9, 14, m[14], m[15]);
            m = [.. Permutation.Select(i => m[i])];
        }
        return [.. Enumerable.Range(0, 8).Select(i => v[i] ^ v[i + 8])];
    }

    static void G(uint[] v, int a, int b, int c, int d, uint x, uint y)
    {
        v[a] += v[b] + x;
        v[d] = BitOperations.RotateRight(v[d] ^ v[a], 16);
        v[c] += v[d];
        v[b] = BitOperations.RotateRight(v[b] ^ v[c], 12);
        v[a] += v[b] + y;
        v[d] = BitOperations.RotateRight(v[d] ^ v[a], 8);
        v[c] += v[d];
        v[b] = BitOperations.RotateRight(v[b] ^ v[c], 7);
    }
}
