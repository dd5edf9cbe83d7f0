using System.Runtime.CompilerServices;

namespace Sharing.Core;

/// <summary>Subtrees of up to 256 chunks, hashed at once with the wide kernels.</summary>
static unsafe class Blake3Tree
{
    /// <summary>Enough chunks that nearly all parents fill a wide kernel, few enough for the stack (9 KiB).</summary>
    public const int MaxChunks = 256;

    /// <summary>The bytes of such a subtree.</summary>
    public const int MaxLength = MaxChunks * Blake3Format.ChunkSize;

    const int BufferSize = (MaxChunks * Blake3Format.HashSize) + Blake3Kernels.Slack;

    /// <summary>
    /// The root hash (with <paramref name="rootFlag"/> = <see cref="Blake3Format.Root"/>; then counter is 0) or the chaining value
    /// (with 0) of at most <see cref="MaxLength"/> bytes whose first chunk has the number <paramref name="counter"/>.
    /// </summary>
    [SkipLocalsInit]
    public static void Hash(ReadOnlySpan<byte> input, ulong counter, uint rootFlag, Span<byte> destination)
    {
        fixed (byte* bytes = input, target = destination)
        {
            if (input.Length <= Blake3Format.ChunkSize)
            {
                Blake3Scalar.HashChunk(bytes, input.Length, counter, rootFlag, target);
                return;
            }
            var buffer = stackalloc byte[BufferSize];
            Pair(bytes, input.Length, counter, buffer);
            Blake3Scalar.HashParent(buffer, rootFlag, target);
        }
    }

    /// <summary>The two children of the root of a subtree of more than one chunk, 64 bytes.</summary>
    [SkipLocalsInit]
    public static void HashPair(ReadOnlySpan<byte> input, ulong counter, Span<byte> pair)
    {
        var buffer = stackalloc byte[BufferSize];
        fixed (byte* bytes = input)
        {
            Pair(bytes, input.Length, counter, buffer);
        }
        new ReadOnlySpan<byte>(buffer, Blake3Format.BlockSize).CopyTo(pair);
    }

    /// <summary>The parent of a left and a right chaining value; the destination may be one of them.</summary>
    [SkipLocalsInit]
    public static void HashParent(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, uint rootFlag, Span<byte> destination)
    {
        var pair = stackalloc byte[Blake3Format.BlockSize];
        left.CopyTo(new Span<byte>(pair, Blake3Format.HashSize));
        right.CopyTo(new Span<byte>(pair + Blake3Format.HashSize, Blake3Format.HashSize));
        fixed (byte* target = destination)
        {
            Blake3Scalar.HashParent(pair, rootFlag, target);
        }
    }

    static void Pair(byte* input, int length, ulong counter, byte* buffer)
    {
        var count = length / Blake3Format.ChunkSize;
        Blake3Kernels.HashChunks(input, count, counter, buffer);
        var rest = length % Blake3Format.ChunkSize;
        if (rest > 0)
        {
            Blake3Scalar.HashChunk(
                input + (count * Blake3Format.ChunkSize), rest, counter + (uint)count, 0, buffer + (count * Blake3Format.HashSize));
            count++;
        }
        while (count > 2)
        {
            count = Blake3Kernels.HashParents(buffer, count);
        }
    }
}
