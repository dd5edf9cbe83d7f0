using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sharing.Core;

/// <summary>Chooses the kernel, and feeds it whole chunks and levels of parents.</summary>
static unsafe class Blake3Kernels
{
    /// <summary>
    /// Bytes that a buffer given to <see cref="HashParents"/> must have beyond its chaining values: the widest kernel always reads
    /// 16 pairs and writes 16 parents, and what has no input comes out as garbage nobody reads.
    /// </summary>
    public const int Slack = 16 * Blake3Format.BlockSize;

    /// <summary>The kernel in use: the widest that the machine has. Only tests set it; any value gives the same hashes.</summary>
    internal static Blake3Kernel Kernel { get; set; } = Widest();

    internal static bool IsSupported(Blake3Kernel kernel) => kernel switch
    {
        Blake3Kernel.Scalar => true,
        Blake3Kernel.Vector128 => Vector128.IsHardwareAccelerated && BitConverter.IsLittleEndian,
        Blake3Kernel.Avx2 => Avx2.IsSupported,
        Blake3Kernel.Avx512 => Avx512F.IsSupported,
        _ => false,
    };

    /// <summary>The chaining values of <paramref name="count"/> whole chunks that follow each other.</summary>
    public static void HashChunks(byte* input, int count, ulong counter, byte* chainingValues)
    {
        var kernel = Kernel;
        while (count > 0)
        {
            int done;
            if (Avx512F.IsSupported && kernel >= Blake3Kernel.Avx512 && count >= Blake3Avx512.Lanes)
            {
                Blake3Avx512.Hash(
                    input, Blake3Format.ChunkSize, Blake3Format.BlocksPerChunk, counter, 1,
                    0, Blake3Format.ChunkStart, Blake3Format.ChunkEnd, chainingValues);
                done = Blake3Avx512.Lanes;
            }
            else if (Avx2.IsSupported && kernel >= Blake3Kernel.Avx2 && count >= Blake3Avx2.Lanes)
            {
                Blake3Avx2.Hash(
                    input, Blake3Format.ChunkSize, Blake3Format.BlocksPerChunk, counter, 1,
                    0, Blake3Format.ChunkStart, Blake3Format.ChunkEnd, chainingValues);
                done = Blake3Avx2.Lanes;
            }
            else if (kernel >= Blake3Kernel.Vector128 && count >= Blake3Vector128.Lanes)
            {
                Blake3Vector128.Hash(
                    input, Blake3Format.ChunkSize, Blake3Format.BlocksPerChunk, counter, 1,
                    0, Blake3Format.ChunkStart, Blake3Format.ChunkEnd, chainingValues);
                done = Blake3Vector128.Lanes;
            }
            else
            {
                Blake3Scalar.HashChunk(input, Blake3Format.ChunkSize, counter, 0, chainingValues);
                done = 1;
            }
            input += done * Blake3Format.ChunkSize;
            counter += (uint)done;
            count -= done;
            chainingValues += done * Blake3Format.HashSize;
        }
    }

    /// <summary>
    /// Replaces <paramref name="count"/> chaining values by those of their parents, one level up, and returns how many there are now; an
    /// odd last one moves up as it is. Repeated until one is left this gives BLAKE3's tree, whose left subtrees are always full.
    /// The buffer needs <see cref="Slack"/>.
    /// </summary>
    public static int HashParents(byte* chainingValues, int count)
    {
        var kernel = Kernel;
        var pairs = count / 2;
        var odd = (count & 1) == 0 ? default : ReadOdd(chainingValues, count);
        for (var next = 0; next < pairs;)
        {
            var source = chainingValues + (next * Blake3Format.BlockSize);
            var target = chainingValues + (next * Blake3Format.HashSize);
            var left = pairs - next;
            if (left == 1 || kernel == Blake3Kernel.Scalar)
            {
                Blake3Scalar.HashParent(source, 0, target);
                next++;
            }
            else if (Avx512F.IsSupported && kernel >= Blake3Kernel.Avx512)
            {
                Blake3Avx512.Hash(source, Blake3Format.BlockSize, 1, 0, 0, Blake3Format.Parent, 0, 0, target);
                next += Blake3Avx512.Lanes;
            }
            else if (Avx2.IsSupported && kernel >= Blake3Kernel.Avx2)
            {
                Blake3Avx2.Hash(source, Blake3Format.BlockSize, 1, 0, 0, Blake3Format.Parent, 0, 0, target);
                next += Blake3Avx2.Lanes;
            }
            else
            {
                Blake3Vector128.Hash(source, Blake3Format.BlockSize, 1, 0, 0, Blake3Format.Parent, 0, 0, target);
                next += Blake3Vector128.Lanes;
            }
        }
        if ((count & 1) == 0)
        {
            return pairs;
        }
        *(OneValue*)(chainingValues + (pairs * Blake3Format.HashSize)) = odd;
        return pairs + 1;
    }

    // Read before the garbage of the last batch falls on it.
    static OneValue ReadOdd(byte* chainingValues, int count) => *(OneValue*)(chainingValues + ((count - 1) * Blake3Format.HashSize));

    /// <summary>
    /// Asks for a chunk (or a pair of chaining values) that a later batch will want. 8 or 16 rows a kilobyte apart are too many streams
    /// for the processor to see that memory is read from front to back. Asking for what is not there does no harm.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Prefetch(byte* input, nint length)
    {
        for (nint offset = 0; offset < length; offset += Blake3Format.BlockSize)
        {
            Sse.Prefetch0(input + offset);
        }
    }

    static Blake3Kernel Widest()
    {
        var kernel = Blake3Kernel.Avx512;
        while (!IsSupported(kernel))
        {
            kernel--;
        }
        return kernel;
    }

    [InlineArray(Blake3Format.HashSize)]
    struct OneValue
    {
        byte first;
    }
}
