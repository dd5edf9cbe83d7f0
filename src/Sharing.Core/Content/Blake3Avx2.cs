using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector256<uint>;

namespace Sharing.Core;

/// <summary>8 inputs side by side with AVX2: a vector holds one word of all 8.</summary>
/// <remarks>There are 16 registers for 16 words of state: the third row lives in memory, so that there is room to compute in.</remarks>
static unsafe class Blake3Avx2
{
    public const int Lanes = 8;

    /// <summary>
    /// Hashes 8 inputs of <paramref name="blocks"/> full blocks each, <paramref name="stride"/> bytes apart, into 8 neighbouring
    /// chaining values. Lane i counts as <paramref name="counter"/> + i * <paramref name="step"/>. All is read before anything is written.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Hash(
        byte* input, nint stride, int blocks, ulong counter, uint step, uint flags, uint startFlags, uint endFlags, byte* destination)
    {
        var schedule = Blake3Format.SchedulePointer;
        // One word of all lanes per row, on a boundary of its own size.
        var room = stackalloc byte[(20 * Lanes * 4) + 63];
        var m = (V*)(((nuint)room + 63) & ~(nuint)63);
        var c = m + 16;
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

        var h0 = Vector256.Create(Blake3Format.Iv0);
        var h1 = Vector256.Create(Blake3Format.Iv1);
        var h2 = Vector256.Create(Blake3Format.Iv2);
        var h3 = Vector256.Create(Blake3Format.Iv3);
        var h4 = Vector256.Create(Blake3Format.Iv4);
        var h5 = Vector256.Create(Blake3Format.Iv5);
        var h6 = Vector256.Create(Blake3Format.Iv6);
        var h7 = Vector256.Create(Blake3Format.Iv7);
        var blockFlags = flags | startFlags;
        for (var block = 0; block < blocks; block++)
        {
            if (block == blocks - 1)
            {
                blockFlags |= endFlags;
            }
            Blake3Kernels.Prefetch(input + (Lanes * stride) + (block * stride / 2), stride / 2);
            Transpose(input + (block * Blake3Format.BlockSize), stride, m);
            var v0 = h0;
            var v1 = h1;
            var v2 = h2;
            var v3 = h3;
            var v4 = h4;
            var v5 = h5;
            var v6 = h6;
            var v7 = h7;
            c[0] = Vector256.Create(Blake3Format.Iv0);
            c[1] = Vector256.Create(Blake3Format.Iv1);
            c[2] = Vector256.Create(Blake3Format.Iv2);
            c[3] = Vector256.Create(Blake3Format.Iv3);
            var v12 = counterLow;
            var v13 = counterHigh;
            var v14 = Vector256.Create((uint)Blake3Format.BlockSize);
            var v15 = Vector256.Create(blockFlags);
            // A loop: of seven copies the compiler would keep the words it meets again, in registers that are not there.
            for (var order = schedule; order != schedule + Blake3Format.ScheduleLength; order += 16)
            {
                Mix(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7, c, 0, 1, 2, 3, ref v12, ref v13, ref v14, ref v15,
                    m, order);
                Mix(ref v0, ref v1, ref v2, ref v3, ref v5, ref v6, ref v7, ref v4, c, 2, 3, 0, 1, ref v15, ref v12, ref v13, ref v14,
                    m, order + 8);
            }
            h0 = v0 ^ c[0];
            h1 = v1 ^ c[1];
            h2 = v2 ^ c[2];
            h3 = v3 ^ c[3];
            h4 = v4 ^ v12;
            h5 = v5 ^ v13;
            h6 = v6 ^ v14;
            h7 = v7 ^ v15;
            blockFlags = flags;
        }
        Unpack4(h0, h1, h2, h3, out var a0, out var a1, out var a2, out var a3);
        Unpack4(h4, h5, h6, h7, out var b0, out var b1, out var b2, out var b3);
        Store(a0, b0, destination);
        Store(a1, b1, destination + 32);
        Store(a2, b2, destination + 64);
        Store(a3, b3, destination + 96);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Mix(
        ref V a0, ref V a1, ref V a2, ref V a3,
        ref V b0, ref V b1, ref V b2, ref V b3,
        V* c, int c0, int c1, int c2, int c3,
        ref V d0, ref V d1, ref V d2, ref V d3,
        V* m, byte* order)
    {
        a0 = a0 + m[order[0]] + b0;
        a1 = a1 + m[order[2]] + b1;
        a2 = a2 + m[order[4]] + b2;
        a3 = a3 + m[order[6]] + b3;
        d0 = Rotate16(d0 ^ a0);
        d1 = Rotate16(d1 ^ a1);
        d2 = Rotate16(d2 ^ a2);
        d3 = Rotate16(d3 ^ a3);
        var x0 = c[c0] + d0;
        c[c0] = x0;
        var x1 = c[c1] + d1;
        c[c1] = x1;
        var x2 = c[c2] + d2;
        c[c2] = x2;
        var x3 = c[c3] + d3;
        c[c3] = x3;
        b0 = Rotate12(b0 ^ x0);
        b1 = Rotate12(b1 ^ x1);
        b2 = Rotate12(b2 ^ x2);
        b3 = Rotate12(b3 ^ x3);
        a0 = a0 + m[order[1]] + b0;
        a1 = a1 + m[order[3]] + b1;
        a2 = a2 + m[order[5]] + b2;
        a3 = a3 + m[order[7]] + b3;
        d0 = Rotate8(d0 ^ a0);
        d1 = Rotate8(d1 ^ a1);
        d2 = Rotate8(d2 ^ a2);
        d3 = Rotate8(d3 ^ a3);
        x0 = c[c0] + d0;
        c[c0] = x0;
        x1 = c[c1] + d1;
        c[c1] = x1;
        x2 = c[c2] + d2;
        c[c2] = x2;
        x3 = c[c3] + d3;
        c[c3] = x3;
        b0 = Rotate7(b0 ^ x0);
        b1 = Rotate7(b1 ^ x1);
        b2 = Rotate7(b2 ^ x2);
        b3 = Rotate7(b3 ^ x3);
    }

    /// <summary>8 rows of 16 words (a block of every lane) become 16 vectors of one word of every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Transpose(byte* input, nint stride, V* m)
    {
        Words8(input, stride, m);
        Words8(input + 32, stride, m + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Words8(byte* input, nint stride, V* m)
    {
        Unpack4(
            Avx.LoadVector256((uint*)input), Avx.LoadVector256((uint*)(input + stride)),
            Avx.LoadVector256((uint*)(input + (2 * stride))), Avx.LoadVector256((uint*)(input + (3 * stride))),
            out var a0, out var a1, out var a2, out var a3);
        input += 4 * stride;
        Unpack4(
            Avx.LoadVector256((uint*)input), Avx.LoadVector256((uint*)(input + stride)),
            Avx.LoadVector256((uint*)(input + (2 * stride))), Avx.LoadVector256((uint*)(input + (3 * stride))),
            out var b0, out var b1, out var b2, out var b3);
        m[0] = Avx2.Permute2x128(a0, b0, 0x20);
        m[1] = Avx2.Permute2x128(a1, b1, 0x20);
        m[2] = Avx2.Permute2x128(a2, b2, 0x20);
        m[3] = Avx2.Permute2x128(a3, b3, 0x20);
        m[4] = Avx2.Permute2x128(a0, b0, 0x31);
        m[5] = Avx2.Permute2x128(a1, b1, 0x31);
        m[6] = Avx2.Permute2x128(a2, b2, 0x31);
        m[7] = Avx2.Permute2x128(a3, b3, 0x31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Unpack4(V r0, V r1, V r2, V r3, out V w0, out V w1, out V w2, out V w3)
    {
        var t0 = Avx2.UnpackLow(r0, r1).AsUInt64();
        var t1 = Avx2.UnpackHigh(r0, r1).AsUInt64();
        var t2 = Avx2.UnpackLow(r2, r3).AsUInt64();
        var t3 = Avx2.UnpackHigh(r2, r3).AsUInt64();
        w0 = Avx2.UnpackLow(t0, t2).AsUInt32();
        w1 = Avx2.UnpackHigh(t0, t2).AsUInt32();
        w2 = Avx2.UnpackLow(t1, t3).AsUInt32();
        w3 = Avx2.UnpackHigh(t1, t3).AsUInt32();
    }

    /// <summary>The halves of the chaining values of lanes k and 4 + k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(V first, V second, byte* destination)
    {
        Avx2.Permute2x128(first, second, 0x20).Store((uint*)destination);
        Avx2.Permute2x128(first, second, 0x31).Store((uint*)(destination + (4 * Blake3Format.HashSize)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Rotate16(V x) => Avx2.Shuffle(x.AsByte(), Vector256.Create(
        (byte)2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13,
        2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Rotate8(V x) => Avx2.Shuffle(x.AsByte(), Vector256.Create(
        (byte)1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12,
        1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Rotate12(V x) => (x >>> 12) | (x << 20);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Rotate7(V x) => (x >>> 7) | (x << 25);
}
