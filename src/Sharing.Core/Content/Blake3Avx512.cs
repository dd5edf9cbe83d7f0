using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector512<uint>;

namespace Sharing.Core;

/// <summary>16 inputs side by side with AVX-512: a vector holds one word of all 16, the state stays in 16 registers.</summary>
/// <remarks>Only intrinsics, no operators: Vector512 may call itself not accelerated where AVX-512 is there all the same.</remarks>
static unsafe class Blake3Avx512
{
    public const int Lanes = 16;

    /// <summary>
    /// Hashes 16 inputs of <paramref name="blocks"/> full blocks each, <paramref name="stride"/> bytes apart, into 16 neighbouring
    /// chaining values. Lane i counts as <paramref name="counter"/> + i * <paramref name="step"/>. All is read before anything is written.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Hash(
        byte* input, nint stride, int blocks, ulong counter, uint step, uint flags, uint startFlags, uint endFlags, byte* destination)
    {
        // One word of all lanes per row, on a boundary of its own size.
        var room = stackalloc byte[(16 * Lanes * 4) + 63];
        var m = (V*)(((nuint)room + 63) & ~(nuint)63);
        var low = (uint*)m;
        var high = low + Lanes;
        for (var i = 0u; i < Lanes; i++)
        {
            var number = counter + (i * (ulong)step);
            low[i] = (uint)number;
            high[i] = (uint)(number >> 32);
        }
        var counterLow = m[0];
        var counterHigh = m[1];

        var h0 = Vector512.Create(Blake3Format.Iv0);
        var h1 = Vector512.Create(Blake3Format.Iv1);
        var h2 = Vector512.Create(Blake3Format.Iv2);
        var h3 = Vector512.Create(Blake3Format.Iv3);
        var h4 = Vector512.Create(Blake3Format.Iv4);
        var h5 = Vector512.Create(Blake3Format.Iv5);
        var h6 = Vector512.Create(Blake3Format.Iv6);
        var h7 = Vector512.Create(Blake3Format.Iv7);
        var blockFlags = flags | startFlags;
        for (var block = 0; block < blocks; block++)
        {
            if (block == blocks - 1)
            {
                blockFlags |= endFlags;
            }
            Blake3Kernels.Prefetch(input + ((Lanes + block) * stride), stride);
            Transpose(input + (block * Blake3Format.BlockSize), stride, m);
            var v0 = h0;
            var v1 = h1;
            var v2 = h2;
            var v3 = h3;
            var v4 = h4;
            var v5 = h5;
            var v6 = h6;
            var v7 = h7;
            var v8 = Vector512.Create(Blake3Format.Iv0);
            var v9 = Vector512.Create(Blake3Format.Iv1);
            var v10 = Vector512.Create(Blake3Format.Iv2);
            var v11 = Vector512.Create(Blake3Format.Iv3);
            var v12 = counterLow;
            var v13 = counterHigh;
            var v14 = Vector512.Create((uint)Blake3Format.BlockSize);
            var v15 = Vector512.Create(blockFlags);
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
            h0 = Avx512F.Xor(v0, v8);
            h1 = Avx512F.Xor(v1, v9);
            h2 = Avx512F.Xor(v2, v10);
            h3 = Avx512F.Xor(v3, v11);
            h4 = Avx512F.Xor(v4, v12);
            h5 = Avx512F.Xor(v5, v13);
            h6 = Avx512F.Xor(v6, v14);
            h7 = Avx512F.Xor(v7, v15);
            blockFlags = flags;
        }
        Unpack4(h0, h1, h2, h3, out var a0, out var a1, out var a2, out var a3);
        Unpack4(h4, h5, h6, h7, out var b0, out var b1, out var b2, out var b3);
        Store(a0, destination);
        Store(b0, destination + 16);
        Store(a1, destination + 32);
        Store(b1, destination + 48);
        Store(a2, destination + 64);
        Store(b2, destination + 80);
        Store(a3, destination + 96);
        Store(b3, destination + 112);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Mix(
        ref V a0, ref V a1, ref V a2, ref V a3,
        ref V b0, ref V b1, ref V b2, ref V b3,
        ref V c0, ref V c1, ref V c2, ref V c3,
        ref V d0, ref V d1, ref V d2, ref V d3,
        V* m, int w0, int w1, int w2, int w3, int w4, int w5, int w6, int w7)
    {
        a0 = Avx512F.Add(Avx512F.Add(a0, m[w0]), b0);
        a1 = Avx512F.Add(Avx512F.Add(a1, m[w2]), b1);
        a2 = Avx512F.Add(Avx512F.Add(a2, m[w4]), b2);
        a3 = Avx512F.Add(Avx512F.Add(a3, m[w6]), b3);
        d0 = Avx512F.RotateRight(Avx512F.Xor(d0, a0), 16);
        d1 = Avx512F.RotateRight(Avx512F.Xor(d1, a1), 16);
        d2 = Avx512F.RotateRight(Avx512F.Xor(d2, a2), 16);
        d3 = Avx512F.RotateRight(Avx512F.Xor(d3, a3), 16);
        c0 = Avx512F.Add(c0, d0);
        c1 = Avx512F.Add(c1, d1);
        c2 = Avx512F.Add(c2, d2);
        c3 = Avx512F.Add(c3, d3);
        b0 = Avx512F.RotateRight(Avx512F.Xor(b0, c0), 12);
        b1 = Avx512F.RotateRight(Avx512F.Xor(b1, c1), 12);
        b2 = Avx512F.RotateRight(Avx512F.Xor(b2, c2), 12);
        b3 = Avx512F.RotateRight(Avx512F.Xor(b3, c3), 12);
        a0 = Avx512F.Add(Avx512F.Add(a0, m[w1]), b0);
        a1 = Avx512F.Add(Avx512F.Add(a1, m[w3]), b1);
        a2 = Avx512F.Add(Avx512F.Add(a2, m[w5]), b2);
        a3 = Avx512F.Add(Avx512F.Add(a3, m[w7]), b3);
        d0 = Avx512F.RotateRight(Avx512F.Xor(d0, a0), 8);
        d1 = Avx512F.RotateRight(Avx512F.Xor(d1, a1), 8);
        d2 = Avx512F.RotateRight(Avx512F.Xor(d2, a2), 8);
        d3 = Avx512F.RotateRight(Avx512F.Xor(d3, a3), 8);
        c0 = Avx512F.Add(c0, d0);
        c1 = Avx512F.Add(c1, d1);
        c2 = Avx512F.Add(c2, d2);
        c3 = Avx512F.Add(c3, d3);
        b0 = Avx512F.RotateRight(Avx512F.Xor(b0, c0), 7);
        b1 = Avx512F.RotateRight(Avx512F.Xor(b1, c1), 7);
        b2 = Avx512F.RotateRight(Avx512F.Xor(b2, c2), 7);
        b3 = Avx512F.RotateRight(Avx512F.Xor(b3, c3), 7);
    }

    /// <summary>16 rows of 16 words (a block of every lane) become 16 vectors of one word of every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Transpose(byte* input, nint stride, V* m)
    {
        Words4(input + (0 * stride), stride, out var a0, out var a1, out var a2, out var a3);
        Words4(input + (4 * stride), stride, out var b0, out var b1, out var b2, out var b3);
        Words4(input + (8 * stride), stride, out var c0, out var c1, out var c2, out var c3);
        Words4(input + (12 * stride), stride, out var d0, out var d1, out var d2, out var d3);
        Lanes4(a0, b0, c0, d0, m + 0);
        Lanes4(a1, b1, c1, d1, m + 1);
        Lanes4(a2, b2, c2, d2, m + 2);
        Lanes4(a3, b3, c3, d3, m + 3);
    }

    /// <summary>Four rows; vector k gets words k, 4 + k, 8 + k and 12 + k of the four, one to a quarter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Words4(byte* input, nint stride, out V w0, out V w1, out V w2, out V w3)
    {
        var r0 = Avx512F.LoadVector512((uint*)input);
        var r1 = Avx512F.LoadVector512((uint*)(input + stride));
        var r2 = Avx512F.LoadVector512((uint*)(input + (2 * stride)));
        var r3 = Avx512F.LoadVector512((uint*)(input + (3 * stride)));
        Unpack4(r0, r1, r2, r3, out w0, out w1, out w2, out w3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Unpack4(V r0, V r1, V r2, V r3, out V w0, out V w1, out V w2, out V w3)
    {
        var t0 = Avx512F.UnpackLow(r0, r1).AsUInt64();
        var t1 = Avx512F.UnpackHigh(r0, r1).AsUInt64();
        var t2 = Avx512F.UnpackLow(r2, r3).AsUInt64();
        var t3 = Avx512F.UnpackHigh(r2, r3).AsUInt64();
        w0 = Avx512F.UnpackLow(t0, t2).AsUInt32();
        w1 = Avx512F.UnpackHigh(t0, t2).AsUInt32();
        w2 = Avx512F.UnpackLow(t1, t3).AsUInt32();
        w3 = Avx512F.UnpackHigh(t1, t3).AsUInt32();
    }

    /// <summary>Quarter q of the four becomes the vector at <paramref name="m"/>[4q].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Lanes4(V a, V b, V c, V d, V* m)
    {
        var ab0 = Avx512F.Shuffle4x128(a, b, 0x44);
        var ab2 = Avx512F.Shuffle4x128(a, b, 0xEE);
        var cd0 = Avx512F.Shuffle4x128(c, d, 0x44);
        var cd2 = Avx512F.Shuffle4x128(c, d, 0xEE);
        m[0] = Avx512F.Shuffle4x128(ab0, cd0, 0x88);
        m[4] = Avx512F.Shuffle4x128(ab0, cd0, 0xDD);
        m[8] = Avx512F.Shuffle4x128(ab2, cd2, 0x88);
        m[12] = Avx512F.Shuffle4x128(ab2, cd2, 0xDD);
    }

    /// <summary>Half a chaining value of lanes k, 4 + k, 8 + k and 12 + k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(V half, byte* destination)
    {
        Avx512F.ExtractVector128(half, 0).Store((uint*)destination);
        Avx512F.ExtractVector128(half, 1).Store((uint*)(destination + (4 * Blake3Format.HashSize)));
        Avx512F.ExtractVector128(half, 2).Store((uint*)(destination + (8 * Blake3Format.HashSize)));
        Avx512F.ExtractVector128(half, 3).Store((uint*)(destination + (12 * Blake3Format.HashSize)));
    }
}
