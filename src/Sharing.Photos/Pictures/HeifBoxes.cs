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

    /// <summary>The items of a file and their kinds (<c>iinf</c>).</summary>
    /// <exception cref="PictureFormatException"><see cref="PictureFault.NotDecoded"/>: an item says in an old way what it is.</exception>
    public async IAsyncEnumerable<(uint Id, uint Kind)> ItemsAsync((long Start, long End) meta, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await FindAsync(meta.Start, meta.End, "iinf"u8.ToArray(), cancellationToken) is not { } iinf)
        {
            yield break;
        }

        var header = await window.ByteAsync(iinf.Start, cancellationToken) == 0 ? 6 : 8;
        await foreach (var infe in ListAsync(iinf.Start + header, iinf.End, cancellationToken))
        {
            var version = await window.ByteAsync(infe.Start, cancellationToken);
            var wide = version > 2;
            yield return version >= 2 && infe.End - infe.Start >= (wide ? 14 : 12)
                ? (await ItemIdAsync(infe.Start + 4, wide, cancellationToken), await window.LongAsync(infe.Start + (wide ? 10 : 8), cancellationToken))
                : throw new PictureFormatException(PictureFault.NotDecoded, "An item does not say of what kind it is.");
        }
    }

    /// <summary>Where the bytes of an item are (<c>iloc</c>): in the file, or in the meta box. <c>null</c>: it does not say, or elsewhere.</summary>
    public async ValueTask<IReadOnlyList<(long Start, long Length)>?> ExtentsAsync((long Start, long End) meta, uint item, CancellationToken cancellationToken)
    {
        if (await FindAsync(meta.Start, meta.End, "iloc"u8.ToArray(), cancellationToken) is not { } iloc)
        {
            return null;
        }

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
            var method = version == 0 ? 0 : await window.WordAsync(at, cancellationToken) & 15;
            at += version > 0 ? 2 : 0;
            var isHere = await window.WordAsync(at, cancellationToken) == 0;
            var start = await NumberAsync(at + 2, baseSize, cancellationToken);
            var extents = await window.WordAsync(at + 2 + baseSize, cancellationToken);
            at += 2 + baseSize + 2;
            if (id == item)
            {
                var idat = method == 1 ? await FindAsync(meta.Start, meta.End, "idat"u8.ToArray(), cancellationToken) : (0, window.Length);
                return isHere && method < 2 && idat is { } within ? await ExtentsAsync(at, extents, (indexSize, offsetSize, lengthSize), start, within, cancellationToken) : null;
            }

            at += (long)extents * (indexSize + offsetSize + lengthSize);
        }

        return null;
    }

    async ValueTask<IReadOnlyList<(long Start, long Length)>?> ExtentsAsync(
        long at, int count, (int Index, int Offset, int Length) sizes, long start, (long Start, long End) within, CancellationToken cancellationToken)
    {
        var extents = new List<(long, long)>();
        for (; extents.Count < count; at += sizes.Index + sizes.Offset + sizes.Length)
        {
            var (offset, length) = (await NumberAsync(at + sizes.Index, sizes.Offset, cancellationToken), await NumberAsync(at + sizes.Index + sizes.Offset, sizes.Length, cancellationToken));
            var room = within.End - within.Start;
            if (start > room || offset > room - start || length > room - start - offset)
            {
                return null;
            }

            extents.Add((within.Start + start + offset, length));
        }

        return extents;
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
