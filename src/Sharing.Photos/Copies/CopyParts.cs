using System.Buffers.Binary;

namespace Sharing.Photos;

/// <summary>What a copy is put together from, in its order.</summary>
sealed class CopyParts
{
    const int Most = 100_000;

    readonly List<CopyPart> _parts = [];

    /// <summary>How many bytes there are by now.</summary>
    public long Length { get; private set; }

    /// <summary>Takes bytes over from the original.</summary>
    public void Keep(long start, long length)
    {
        if (_parts.Count > 0 && _parts[^1] is { Start: >= 0 } last && last.Start + last.Length == start)
        {
            _parts[^1] = last with { Length = last.Length + length };
            Length += length;
        }
        else
        {
            Add(new(Length, start, length));
        }
    }

    /// <summary>Writes other bytes.</summary>
    public void Put(byte[] bytes) => Add(new(Length, -1, bytes.Length, bytes));

    /// <summary>Writes zeros.</summary>
    public void Clear(long length) => Add(new(Length, -1, length));

    /// <summary>Reads some bytes of the copy, at least one where there is one.</summary>
    /// <param name="original">Reads the original at an offset.</param>
    /// <param name="offset">Where in the copy.</param>
    /// <param name="buffer">Takes them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<int> ReadAsync(Func<long, Memory<byte>, CancellationToken, ValueTask<int>> original, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (offset >= Length || buffer.IsEmpty)
        {
            return 0;
        }

        var (low, high) = (0, _parts.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = _parts[middle].At <= offset ? (middle, high) : (low, middle - 1);
        }

        var (part, within) = (_parts[low], offset - _parts[low].At);
        var some = buffer[..(int)Math.Min(buffer.Length, part.Length - within)];
        if (part.Start >= 0)
        {
            return await original(part.Start + within, some, cancellationToken);
        }

        if (part.Bytes is { } bytes)
        {
            bytes.AsSpan((int)within, some.Length).CopyTo(some.Span);
        }
        else
        {
            some.Span.Clear();
        }

        return some.Length;
    }

    void Add(CopyPart part)
    {
        if (part.Length == 0)
        {
            return;
        }

        _parts.Add(_parts.Count < Most ? part : throw new PictureFormatException(PictureFault.TooMuchMetadata, $"The copy would have more than {Most} parts."));
        Length += part.Length;
    }

    public static byte[] BigEndian(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
