using System.Buffers;
using System.Security.Cryptography;

namespace Sharing.P2P;

/// <summary>Hashes a content for clients of other makers, in one pass. Not thread-safe.</summary>
public sealed class ContentHasher : IDisposable
{
    readonly ContentInfo _content;
    readonly int _pieceLength;
    readonly IncrementalHash _whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly IncrementalHash _piece = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
#pragma warning disable CA5350 // BitTorrent 1 knows no other
    readonly IncrementalHash _oldPiece = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
    readonly PieceTree _tree;
    readonly ArrayBufferWriter<byte> _pieces = new();
    readonly ArrayBufferWriter<byte> _oldPieces = new();
    long _done;

    /// <summary>Begins with nothing.</summary>
    /// <param name="content">What will come.</param>
    public ContentHasher(ContentInfo content)
    {
        (_content, _pieceLength) = (content, ContentHashes.PieceLengthOf(content.Length));
        _tree = new(_pieceLength);
    }

    /// <summary>Takes the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var part = bytes[..(int)Math.Min(bytes.Length, _pieceLength - (_done % _pieceLength))];
            _whole.AppendData(part);
            _piece.AppendData(part);
            _oldPiece.AppendData(part);
            _tree.Append(part);
            _done += part.Length;
            bytes = bytes[part.Length..];
            if (_done % _pieceLength == 0)
            {
                EndPiece();
            }
        }
    }

    /// <summary>Ends it.</summary>
    /// <exception cref="InvalidOperationException">Another number of bytes came than the content has.</exception>
    public ContentHashes Finish()
    {
        if (_done != _content.Length)
        {
            throw new InvalidOperationException($"{_done} bytes came of {_content.Length}.");
        }

        if (_done % _pieceLength != 0)
        {
            EndPiece();
        }

        var (root, layer) = _tree.Finish();
        return new()
        {
            Content = _content, PieceLength = _pieceLength, Sha256 = _whole.GetHashAndReset(), Sha256Pieces = _pieces.WrittenMemory, Sha1Pieces = _oldPieces.WrittenMemory,
            TreeRoot = root, TreeLayer = layer,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _whole.Dispose();
        _piece.Dispose();
        _oldPiece.Dispose();
        _tree.Dispose();
    }

    void EndPiece()
    {
        _pieces.Advance(_piece.GetHashAndReset(_pieces.GetSpan(SHA256.HashSizeInBytes)));
        _oldPieces.Advance(_oldPiece.GetHashAndReset(_oldPieces.GetSpan(SHA1.HashSizeInBytes)));
    }
}
