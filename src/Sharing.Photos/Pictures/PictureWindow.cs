using System.Buffers.Binary;

namespace Sharing.Photos;

/// <summary>A look at single places of a file that nobody has checked: few bytes are read, however far apart they lie, and none twice.</summary>
/// <param name="length">The bytes of the file.</param>
/// <param name="read">Reads at an offset; less than was asked for only at the end of the file.</param>
/// <param name="isForAll">All of it is to be read, and in larger pieces; else a header, which is not to cost much.</param>
sealed class PictureWindow(long length, Func<long, Memory<byte>, CancellationToken, ValueTask<int>> read, bool isForAll = false)
{
    /// <summary>How much is read at once of a file that is read as a whole.</summary>
    public const int Piece = 128 * 1024;

    /// <summary>How much of a file is read for its header.</summary>
    public const int Most = 64 * 1024;

    const int First = 4096, Later = 256;

    readonly int _piece = isForAll ? Piece : Later;

    byte[] _bytes = [];
    long _start;
    int _count;
    long _left = isForAll ? long.MaxValue : Most;

    public long Length => length;

    /// <summary>Some bytes; they last until the next call.</summary>
    /// <exception cref="PictureFormatException">The file ends before; or too much was asked for.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> AtAsync(long offset, int count, CancellationToken cancellationToken)
    {
        if (offset < 0 || count > length - offset)
        {
            throw new PictureFormatException(PictureFault.Truncated, "The file ends within its header.");
        }

        if (offset < _start || offset + count > _start + _count)
        {
            var wanted = (int)Math.Min(Math.Max(count, _bytes.Length == 0 ? Math.Max(First, _piece) : _piece), length - offset);
            if (wanted > _left)
            {
                throw new PictureFormatException(PictureFault.TooMuchMetadata, $"The header is spread too far: more than {Most} bytes would be read.");
            }

            _left -= wanted;
            _bytes = _bytes.Length >= wanted ? _bytes : new byte[wanted];
            (_start, _count) = (offset, 0);
            while (_count < wanted && await read(offset + _count, _bytes.AsMemory(_count, wanted - _count), cancellationToken) is var got and > 0)
            {
                _count += got;
            }

            if (_count < count)
            {
                throw new PictureFormatException(PictureFault.Truncated, "The file ends within its header.");
            }
        }

        return _bytes.AsMemory((int)(offset - _start), count);
    }

    public async ValueTask<byte> ByteAsync(long offset, CancellationToken cancellationToken) => (await AtAsync(offset, 1, cancellationToken)).Span[0];

    /// <summary>Two bytes, the greater first.</summary>
    public async ValueTask<int> WordAsync(long offset, CancellationToken cancellationToken) => BinaryPrimitives.ReadUInt16BigEndian((await AtAsync(offset, 2, cancellationToken)).Span);

    /// <summary>Four bytes, the greatest first.</summary>
    public async ValueTask<uint> LongAsync(long offset, CancellationToken cancellationToken) => BinaryPrimitives.ReadUInt32BigEndian((await AtAsync(offset, 4, cancellationToken)).Span);
}
