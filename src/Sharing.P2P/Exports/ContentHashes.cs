namespace Sharing.P2P;

/// <summary>The hashes of a content that clients of other makers know. Whoever made them read bytes that were proven by the content id.</summary>
public sealed class ContentHashes
{
    /// <summary>The least bytes in a piece: aria2 cuts a file no finer, and Transmission asks for one piece at a time.</summary>
    public const int LeastPiece = 1024 * 1024;

    /// <summary>The greatest length, in bytes, of a content that has such hashes: 2 TiB.</summary>
    public const long MostLength = MostPieces * (long)(1 << 30);

    /// <summary>The greatest number of pieces: their hashes fit into one record.</summary>
    const int MostPieces = 2048;

    /// <summary>What it is.</summary>
    public required ContentInfo Content { get; init; }

    /// <summary>Bytes in a piece: a power of two.</summary>
    public required int PieceLength { get; init; }

    /// <summary>The SHA-256 of all of it, 32 bytes.</summary>
    public required ReadOnlyMemory<byte> Sha256 { get; init; }

    /// <summary>The SHA-256 of each piece, in order.</summary>
    public required ReadOnlyMemory<byte> Sha256Pieces { get; init; }

    /// <summary>The SHA-1 of each piece, in order.</summary>
    public required ReadOnlyMemory<byte> Sha1Pieces { get; init; }

    /// <summary>The root of the tree of BEP 52, 32 bytes; none of the empty content.</summary>
    public required ReadOnlyMemory<byte> TreeRoot { get; init; }

    /// <summary>The layer of that tree that has a hash for each piece; none where there is but one piece.</summary>
    public required ReadOnlyMemory<byte> TreeLayer { get; init; }

    /// <summary>Bytes in a piece of a content: 1 MiB; twice as many, and so on, where there would be more than 2,048 pieces.</summary>
    public static int PieceLengthOf(long length)
    {
        var piece = LeastPiece;
        while (length > (long)piece * MostPieces && piece < 1 << 30)
        {
            piece *= 2;
        }

        return piece;
    }
}
