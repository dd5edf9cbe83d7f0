using System.Buffers;
using System.Numerics;
using System.Security.Cryptography;

namespace Sharing.P2P;

/// <summary>The hash tree of BEP 52: SHA-256 over leaves of 16 KiB, filled up to a power of two with leaves whose hash is 32 zero bytes. Not thread-safe.</summary>
sealed class PieceTree(int pieceLength) : IDisposable
{
    const int Leaf = 16 * 1024;
    const int Size = SHA256.HashSizeInBytes;

    readonly IncrementalHash _leaf = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly byte[] _leaves = new byte[pieceLength / Leaf * Size];
    readonly ArrayBufferWriter<byte> _layer = new();
    int _count;
    int _inLeaf;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_count * Size == _leaves.Length)
            {
                EndPiece(_count); // only now: the last one of a content may be the only one
            }

            var part = bytes[..Math.Min(bytes.Length, Leaf - _inLeaf)];
            _leaf.AppendData(part);
            _inLeaf += part.Length;
            bytes = bytes[part.Length..];
            if (_inLeaf == Leaf)
            {
                EndLeaf();
            }
        }
    }

    /// <summary>The root; and a hash for each piece, where there are several.</summary>
    public (ReadOnlyMemory<byte> Root, ReadOnlyMemory<byte> Layer) Finish()
    {
        if (_inLeaf > 0)
        {
            EndLeaf();
        }

        if (_layer.WrittenCount == 0)
        {
            if (_count == 0)
            {
                return default;
            }

            EndPiece((int)BitOperations.RoundUpToPowerOf2((uint)_count)); // a tree of its own, no higher than it must be
            return (_layer.WrittenMemory, default);
        }

        EndPiece(_leaves.Length / Size);
        var pieces = _layer.WrittenCount / Size;
        var top = new byte[(int)BitOperations.RoundUpToPowerOf2((uint)pieces) * Size];
        _layer.WrittenSpan.CopyTo(top);
        var nothing = Root(new byte[_leaves.Length]);
        for (var piece = pieces; piece * Size < top.Length; piece++)
        {
            nothing.CopyTo(top.AsSpan(piece * Size));
        }

        return (Root(top).ToArray(), _layer.WrittenMemory);
    }

    public void Dispose() => _leaf.Dispose();

    void EndLeaf()
    {
        _leaf.GetHashAndReset(_leaves.AsSpan(_count++ * Size, Size));
        _inLeaf = 0;
    }

    void EndPiece(int width)
    {
        var leaves = _leaves.AsSpan(0, width * Size);
        leaves[(_count * Size)..].Clear();
        _layer.Write(Root(leaves));
        _count = 0;
    }

    /// <summary>Folds a power of two of hashes, in place.</summary>
    static Span<byte> Root(Span<byte> hashes)
    {
        for (; hashes.Length > Size; hashes = hashes[..(hashes.Length / 2)])
        {
            for (var pair = 0; pair < hashes.Length; pair += 2 * Size)
            {
                SHA256.HashData(hashes.Slice(pair, 2 * Size), hashes.Slice(pair / 2, Size));
            }
        }

        return hashes;
    }
}
