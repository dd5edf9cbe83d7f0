using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sharing.Core;

/// <summary>The constants of BLAKE3 (the paper's section 2; only the plain hash, no keys).</summary>
static class Blake3Format
{
    public const int HashSize = 32;
    public const int BlockSize = 64;
    public const int ChunkSize = 1024;
    public const int BlocksPerChunk = ChunkSize / BlockSize;

    /// <summary>Chaining values that may wait for a right neighbour: the depth of a tree over 2^64 bytes.</summary>
    public const int MaxDepth = 54;

    public const uint ChunkStart = 1;
    public const uint ChunkEnd = 2;
    public const uint Parent = 4;
    public const uint Root = 8;

    public const uint Iv0 = 0x6A09E667;
    public const uint Iv1 = 0xBB67AE85;
    public const uint Iv2 = 0x3C6EF372;
    public const uint Iv3 = 0xA54FF53A;
    public const uint Iv4 = 0x510E527F;
    public const uint Iv5 = 0x9B05688C;
    public const uint Iv6 = 0x1F83D9AB;
    public const uint Iv7 = 0x5BE0CD19;

    /// <summary>The initial chaining value as little-endian bytes.</summary>
    public static ReadOnlySpan<byte> Iv =>
    [
        0x67, 0xE6, 0x09, 0x6A,
        0x85, 0xAE, 0x67, 0xBB,
        0x72, 0xF3, 0x6E, 0x3C,
        0x3A, 0xF5, 0x4F, 0xA5,
        0x7F, 0x52, 0x0E, 0x51,
        0x8C, 0x68, 0x05, 0x9B,
        0xAB, 0xD9, 0x83, 0x1F,
        0x19, 0xCD, 0xE0, 0x5B,
    ];

    /// <summary>Bytes in <see cref="Schedule"/>: 7 rounds of 16.</summary>
    public const int ScheduleLength = 7 * 16;

    /// <summary>Which word of the message each step of each round adds.</summary>
    public static ReadOnlySpan<byte> Schedule =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8,
        3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1,
        10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6,
        12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4,
        9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7,
        11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13,
    ];

    /// <summary>The same where it lies in the assembly's data, which the collector does not move.</summary>
    public static unsafe byte* SchedulePointer => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(Schedule));
}
