using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Sharing.Photos;

/// <summary>Boxes within boxes, and the tables of items in the meta box. A fixed number of boxes is looked at in all.</summary>
sealed class HeifBoxes(PictureWindow window, int most)
{
    int _seen;

    public PictureWindow Window => window;

    public static uint Kind(ReadOnlySpan<byte> name) => BinaryPrimitives.ReadUInt32BigEndian(name);

    /// <summary>The boxes of a stretch, each with where its payload begins and ends.</summary>
    public async IAsyncEnumerable<(uint Kind, long Start, long End)> ListAsync(long start, long end, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var at = start; at + 8 <= end;)
        {
            if (++_seen > most)
            {
                throw new PictureFormatException(PictureFault.TooMuchMetadata, $"There are more than {most} boxes.");
            }

            var head = await window.AtAsync(at, 8, cancellationToken);
            var (length, kind, header) = ((long)BinaryPrimitives.ReadUInt32BigEndian(head.Span), Kind(head.Span[4..]), 8);
            if (length == 1)
            {
                (length, header) = ((long)BinaryPrimitives.ReadUInt64BigEndian((await window.AtAsync(at + 8, 8, cancellationToken)).Span), 16);
            }

            length = length == 0 ? end - at : length;
            if (length < header || length > end - at)
            {
                throw new PictureFormatException(PictureFault.Malformed, "A box is longer than what it is in.");
            }

            yield return (kind, at + header, at + length);
            at += length;
        }
    }

    /// <summary>The first box of a kind.</summary>
    public async ValueTask<(long Start, long End)?> FindAsync(long start, long end, ReadOnlyMemory<byte> kind, CancellationToken cancellationToken)
    {
        await foreach (var box in ListAsync(start, end, cancellationToken))
        {
            if (box.Kind == Kind(kind.Span))
            {
                return (box.Start, box.End);
            }
        }

        return null;
    }

    public async ValueTask<uint> ItemIdAsync(long at, bool isLong, CancellationToken cancellationToken) =>
        isLong ? await window.LongAsync(at, cancellationToken) : (uint)await window.WordAsync(at, cancellationToken);

    /// <summary>The numbers, from 1, of the properties of an item (<c>ipma</c>).</summary>
    public async ValueTask<HashSet<int>> AssociationsAsync((long Start, long End) ipma, uint item, CancellationToken cancellationToken)
    {
        var (flags, count) = (await window.LongAsync(ipma.Start, cancellationToken), await window.LongAsync(ipma.Start + 4, cancellationToken));
        var (isLong, wide) = (flags >> 24 > 0, (flags & 1) != 0);
        var mine = new HashSet<int>();
        var at = ipma.Start + 8;
        for (var i = 0; i < count && at < ipma.End; i++)
        {
            var id = await ItemIdAsync(at, isLong, cancellationToken);
            at += isLong ? 4 : 2;
            var properties = await window.ByteAsync(at++, cancellationToken);
            for (var p = 0; p < properties; p++, at += wide ? 2 : 1)
            {
                if (id == item)
                {
                    mine.Add(wide ? await window.WordAsync(at, cancellationToken) & 0x7fff : await window.ByteAsync(at, cancellationToken) & 0x7f);
                }
            }
        }

        return mine;
    }

    /// <summary>Where the bytes of the first item of a kind are (<c>iinf</c>, <c>iloc</c>): in one piece, in the file itself; others are passed over.</summary>
    public async ValueTask<(long Start, long Length)?> FindItemAsync((long Start, long End) meta, ReadOnlyMemory<byte> kind, CancellationToken cancellationToken)
    {
        if (await FindAsync(meta.Start, meta.End, "iinf"u8.ToArray(), cancellationToken) is not { } iinf || await FindAsync(meta.Start, meta.End, "iloc"u8.ToArray(), cancellationToken) is not { } iloc)
        {
            return null;
        }

        var header = await window.ByteAsync(iinf.Start, cancellationToken) == 0 ? 6 : 8;
        await foreach (var infe in ListAsync(iinf.Start + header, iinf.End, cancellationToken))
        {
            var version = await window.ByteAsync(infe.Start, cancellationToken);
            var wide = version > 2;
            if (version >= 2 && infe.End - infe.Start >= (wide ? 14 : 12)
                && (await window.AtAsync(infe.Start + (wide ? 10 : 8), 4, cancellationToken)).Span.SequenceEqual(kind.Span))
            {
                return await LocationAsync(iloc, await ItemIdAsync(infe.Start + 4, wide, cancellationToken), cancellationToken);
            }
        }

        return null;
    }

    async ValueTask<(long Start, long Length)?> LocationAsync((long Start, long End) iloc, uint item, CancellationToken cancellationToken)
    {
        var version = await window.ByteAsync(iloc.Start, cancellationToken);
        var sizes = await window.WordAsync(iloc.Start + 4, cancellationToken);
        var (offsetSize, lengthSize, baseSize, indexSize) = (sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15, version > 0 ? sizes & 15 : 0);
        var isLong = version > 1;
        var count = await ItemIdAsync(iloc.Start + 6, isLong, cancellationToken);
        var at = iloc.Start + (isLong ? 10 : 8);
        for (var i = 0; i < count && at < iloc.End; i++)
        {
            var id = await ItemIdAsync(at, isLong, cancellationToken);
            at += isLong ? 4 : 2;
            var inFile = version == 0 || (await window.WordAsync(at, cancellationToken) & 15) == 0;
            at += (version > 0 ? 2 : 0) + 2;
            var start = await NumberAsync(at, baseSize, cancellationToken);
            var extents = await window.WordAsync(at + baseSize, cancellationToken);
            at += baseSize + 2;
            if (id == item)
            {
                var (offset, length) = (await NumberAsync(at + indexSize, offsetSize, cancellationToken), await NumberAsync(at + indexSize + offsetSize, lengthSize, cancellationToken));
                return inFile && extents == 1 && start <= window.Length && offset <= window.Length && start + offset + 4 <= window.Length && length >= 4 && length <= window.Length - start - offset
                    ? (start + offset, length)
                    : null;
            }

            at += (long)extents * (indexSize + offsetSize + lengthSize);
        }

        return null;
    }

    /// <summary>A number of 0, 4 or 8 bytes; what is too great for any file counts as greater than it.</summary>
    async ValueTask<long> NumberAsync(long at, int size, CancellationToken cancellationToken) => size switch
    {
        0 => 0,
        4 => await window.LongAsync(at, cancellationToken),
        8 when BinaryPrimitives.ReadUInt64BigEndian((await window.AtAsync(at, 8, cancellationToken)).Span) is var number and <= long.MaxValue => (long)number,
        8 => long.MaxValue,
        _ => throw new PictureFormatException(PictureFault.Malformed, "A table has numbers of a size that there is not."),
    };
}
