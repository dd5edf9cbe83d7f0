namespace Sharing.Photos;

/// <summary>The boxes of a HEIF file (ISO/IEC 14496-12; ISO/IEC 23008-12). Places in it are counted from its beginning: what is left out becomes zeros, and nothing moves.</summary>
static class HeifCopy
{
    const int MostBoxes = 10_000, MostExif = 256 * 1024;

    static readonly HashSet<uint> Kept = [.. Kinds("ftyp", "meta", "mdat", "free", "skip")];
    static readonly HashSet<uint> KeptInMeta = [.. Kinds("hdlr", "pitm", "iinf", "iloc", "iprp", "iref", "idat", "dinf", "grpl", "free", "skip")];
    static readonly HashSet<uint> Pictures = [.. Kinds("hvc1", "hvt1", "av01", "grid", "iden", "iovl", "jpeg", "tmap")];
    static readonly byte[] NoExif = [0, 0, 0, 0, .. "MM\0*\0\0\0\u0008\0\0\0\0\0\0"u8];

    public static async Task PlanAsync(PictureWindow window, CopyMetadata metadata, CopyParts parts, CancellationToken cancellationToken)
    {
        var boxes = new HeifBoxes(window, MostBoxes);
        var edits = new SortedList<long, (long Length, byte[]? Bytes)>();
        (long Start, long End)? meta = null;
        var end = await ClearBoxesAsync(0, window.Length, Kept);
        if (meta is not { } inside)
        {
            throw new PictureFormatException(PictureFault.Malformed, "The HEIF is broken: it has no meta box.");
        }

        await ClearBoxesAsync(inside.Start, inside.End, KeptInMeta);
        await foreach (var (id, kind) in boxes.ItemsAsync(inside, cancellationToken))
        {
            if (!Pictures.Contains(kind))
            {
                await ClearItemAsync(id, kind == HeifBoxes.Kind("Exif"u8));
            }
        }

        Put(edits, end, parts);

        async Task<long> ClearBoxesAsync(long from, long to, HashSet<uint> kept)
        {
            var start = from;
            await foreach (var (kind, payload, boxEnd) in boxes.ListAsync(from, to, cancellationToken))
            {
                if (kind == HeifBoxes.Kind("moov"u8))
                {
                    throw new PictureFormatException(PictureFault.NotDecoded, "A sequence of pictures is given whole or not at all.");
                }

                meta = meta is null && kind == HeifBoxes.Kind("meta"u8) ? (payload + 4, boxEnd) : meta;
                if (!kept.Contains(kind))
                {
                    Edit(start + 4, 4, "free"u8.ToArray());
                    Edit(payload, boxEnd - payload, null);
                }

                start = boxEnd;
            }

            return start;
        }

        async Task ClearItemAsync(uint id, bool isExif)
        {
            var extents = await boxes.ExtentsAsync(inside, id, cancellationToken) ?? throw new PictureFormatException(PictureFault.NotDecoded, "It does not say where some of its metadata is.");
            if (isExif && extents is [{ Length: >= 18 and <= MostExif } exif])
            {
                var bytes = (await window.AtAsync(exif.Start, (int)exif.Length, cancellationToken)).ToArray();
                Edit(exif.Start, exif.Length, ExifOf(bytes, metadata));
                return;
            }

            foreach (var (start, length) in extents)
            {
                Edit(start, length, null);
            }
        }

        void Edit(long start, long length, byte[]? bytes)
        {
            if (length > 0 && !edits.TryAdd(start, (length, bytes)))
            {
                throw new PictureFormatException(PictureFault.Malformed, "The HEIF is broken: two things are in one place.");
            }
        }
    }

    /// <summary>The item's bytes, as many as before: where the data begin, and the data.</summary>
    static byte[] ExifOf(byte[] item, CopyMetadata metadata)
    {
        var skipped = 4 + (((long)item[0] << 24) | ((long)item[1] << 16) | ((long)item[2] << 8) | item[3]);
        if (metadata == CopyMetadata.NoLocation && skipped <= item.Length && ExifCopy.Of(item.AsSpan((int)skipped), metadata) is { } exif && exif.Length == item.Length - skipped)
        {
            return [.. item.AsSpan(0, (int)skipped), .. exif];
        }

        var none = new byte[item.Length];
        NoExif.CopyTo(none, 0);
        return none;
    }

    static void Put(SortedList<long, (long Length, byte[]? Bytes)> edits, long end, CopyParts parts)
    {
        var at = 0L;
        foreach (var (start, (length, bytes)) in edits)
        {
            if (start < at || start + length > end)
            {
                throw new PictureFormatException(PictureFault.Malformed, "The HEIF is broken: two things are in one place.");
            }

            parts.Keep(at, start - at);
            if (bytes is null)
            {
                parts.Clear(length);
            }
            else
            {
                parts.Put(bytes);
            }

            at = start + length;
        }

        parts.Keep(at, end - at);
    }

    static IEnumerable<uint> Kinds(params string[] names) => names.Select(static name => HeifBoxes.Kind(System.Text.Encoding.ASCII.GetBytes(name)));
}
