using System.Buffers.Binary;

namespace Sharing.Photos;

/// <summary>EXIF data (a TIFF structure) as a copy has them: in as many bytes as before, so that nothing else has to move.</summary>
static class ExifCopy
{
    const int EntrySize = 12, MostEntries = 4096;
    const ushort OrientationTag = 0x112, ExifTag = 0x8769, GpsTag = 0x8825, MakerNote = 0x927c, Xmp = 0x2bc, Iptc = 0x83bb, Photoshop = 0x8649;

    /// <summary>The structure that a copy has in the place of another; <c>null</c>: none is needed.</summary>
    public static byte[]? Of(ReadOnlySpan<byte> tiff, CopyMetadata metadata)
    {
        var copy = metadata == CopyMetadata.NoLocation ? tiff.ToArray() : null;
        return copy is not null && new Edit(copy).TryRemoveLocation() ? copy : OrientationOf(tiff) is > 1 and var orientation ? Minimal((byte)orientation) : null;
    }

    /// <summary>A structure that says how the picture is turned, and nothing else. 26 bytes.</summary>
    static byte[] Minimal(byte orientation) => [.. "MM\0*\0\0\0\u0008\0\u0001"u8, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];

    static int OrientationOf(ReadOnlySpan<byte> tiff)
    {
        try
        {
            var edit = new Edit(tiff.ToArray());
            foreach (var (at, tag, _, _) in edit.EntriesOf(edit.First).Entries)
            {
                if (tag == OrientationTag && edit.Word(at + 8) is var value and >= 1 and <= 8)
                {
                    return value;
                }
            }
        }
        catch (PictureFormatException)
        {
            // As PictureHeaderReader has it: where EXIF data are broken the picture is shown as it is stored.
        }

        return 1;
    }

    /// <summary>Directories and their entries in memory. Offsets may lie, loop and overlap: entries are counted, and nothing outside is touched.</summary>
    sealed class Edit
    {
        readonly byte[] _bytes;
        readonly bool _isLittle;
        int _seen;

        public Edit(byte[] bytes)
        {
            _bytes = bytes;
            _isLittle = bytes.Length >= 8 && bytes[0] == 'I';
            if (bytes.Length < 8 || (bytes[0], bytes[1]) is not (((byte)'I', (byte)'I') or ((byte)'M', (byte)'M')) || Word(2) != 42)
            {
                throw Broken();
            }
        }

        public long First => Long(4);

        public bool TryRemoveLocation()
        {
            try
            {
                for (var (directory, next) = (First, 0L); directory != 0; directory = next)
                {
                    foreach (var (at, tag, _, _) in EntriesOf(directory).Entries)
                    {
                        if (tag == ExifTag)
                        {
                            Remove(Long(at + 8));
                        }
                    }

                    Remove(directory);
                    next = EntriesOf(directory).Next;
                }

                return true;
            }
            catch (PictureFormatException)
            {
                return false;
            }
        }

        /// <summary>Takes what tells a place out of a directory: its values and what it points to become zeros, later entries move up.</summary>
        void Remove(long directory)
        {
            var (entries, next) = EntriesOf(directory);
            var kept = new List<byte[]>();
            foreach (var (at, tag, value, length) in entries)
            {
                if (tag is not (GpsTag or MakerNote or Xmp or Iptc or Photoshop))
                {
                    kept.Add(_bytes.AsSpan((int)at, EntrySize).ToArray());
                    continue;
                }

                if (tag == GpsTag)
                {
                    Blank(Long(at + 8));
                }

                _bytes.AsSpan((int)value, (int)length).Clear();
            }

            var table = _bytes.AsSpan((int)directory, 2 + (entries.Count * EntrySize) + 4);
            table.Clear();
            Write(directory, (ushort)kept.Count);
            for (var i = 0; i < kept.Count; i++)
            {
                kept[i].CopyTo(_bytes.AsSpan((int)directory + 2 + (i * EntrySize)));
            }

            Write(directory + 2 + (kept.Count * EntrySize), (uint)next);
        }

        void Blank(long directory)
        {
            var (entries, _) = EntriesOf(directory);
            foreach (var (_, _, value, length) in entries)
            {
                _bytes.AsSpan((int)value, (int)length).Clear();
            }

            _bytes.AsSpan((int)directory, 2 + (entries.Count * EntrySize)).Clear();
        }

        /// <summary>The entries of a directory, each with where its value is and how long, and where the next directory is (0: there is none).</summary>
        public (IReadOnlyList<(long At, ushort Tag, long Value, long Length)> Entries, long Next) EntriesOf(long directory)
        {
            var count = Word(directory);
            var entries = new List<(long, ushort, long, long)>();
            _seen += count + 1;
            if (_seen > MostEntries)
            {
                throw Broken();
            }

            for (var at = directory + 2; entries.Count < count; at += EntrySize)
            {
                var length = Long(at + 4) * (Word(at + 2) switch { 3 or 8 => 2L, 4 or 9 or 11 => 4, 5 or 10 or 12 => 8, _ => 1 });
                var value = length <= 4 ? at + 8 : Long(at + 8);
                entries.Add(value + length <= _bytes.Length ? (at, Word(at), value, length) : throw Broken());
            }

            var end = directory + 2 + ((long)count * EntrySize);
            return (entries, end + 4 <= _bytes.Length ? Long(end) : throw Broken());
        }

        public ushort Word(long at) => at + 2 > _bytes.Length ? throw Broken()
            : _isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan((int)at)) : BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan((int)at));

        long Long(long at) => at + 4 > _bytes.Length ? throw Broken()
            : _isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan((int)at)) : BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan((int)at));

        void Write(long at, ushort value)
        {
            var into = _bytes.AsSpan((int)at);
            if (_isLittle)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(into, value);
            }
            else
            {
                BinaryPrimitives.WriteUInt16BigEndian(into, value);
            }
        }

        void Write(long at, uint value)
        {
            var into = _bytes.AsSpan((int)at);
            if (_isLittle)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(into, value);
            }
            else
            {
                BinaryPrimitives.WriteUInt32BigEndian(into, value);
            }
        }

        static PictureFormatException Broken() => new(PictureFault.Malformed, "The EXIF data are broken.");
    }
}
