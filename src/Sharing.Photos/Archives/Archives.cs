using System.Buffers;
using System.IO.Hashing;

namespace Sharing.Photos;

/// <summary>What archives need to know of a file beforehand.</summary>
static class Archives
{
    const int Piece = 128 * 1024;

    /// <summary>The CRC-32 of a content, as ZIP has it (ISO 3309).</summary>
    public static async Task<uint> Crc32Async(IContentReader content, CancellationToken cancellationToken)
    {
        var crc = new Crc32();
        var buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            for (var at = 0L; await content.ReadAsync(ContentArea.Data, at, buffer, cancellationToken) is var read and > 0; at += read)
            {
                crc.Append(buffer.AsSpan(0, read));
            }

            return crc.GetCurrentHashAsUInt32();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
