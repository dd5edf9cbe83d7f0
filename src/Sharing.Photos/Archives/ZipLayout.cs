using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>A ZIP archive of stored files, every byte of which is known before the first is sent (APPNOTE 6.3.10): so it has a length, a name for exactly these bytes, and ranges.</summary>
/// <remarks>Parts in their order: for each file its header and its bytes; the directory; its end. ZIP64 fields (4.5.3) only where a number needs them. Names are UTF-8 (4.4.4, bit 11). Immutable.</remarks>
sealed class ZipLayout
{
    const ushort Utf8 = 1 << 11, Version = 20, Version64 = 45, Zip64 = 1;
    const uint Most = uint.MaxValue;

    readonly List<(long Start, byte[]? Bytes, ContentId Content)> _parts = [];

    public ZipLayout(IReadOnlyList<ArchivedFile> files)
    {
        var directory = new MemoryStream();
        foreach (var file in files)
        {
            var (name, start) = (Encoding.UTF8.GetBytes(file.Name), Length);
            Add(Header(file, name));
            _parts.Add((Length, null, file.Content.Id));
            Length += file.Content.Length;
            directory.Write(Entry(file, name, start));
        }

        var at = Length;
        Add(directory.ToArray());
        Add(End(files.Count, at, Length - at));
        var text = string.Join('\n', files.Select(static file => string.Create(CultureInfo.InvariantCulture, $"{file.Content.Id} {file.Crc32:x8} {file.Modified:s} {file.Name}")));
        Span<byte> hash = stackalloc byte[ContentId.Size];
        Blake3.Hash(Encoding.UTF8.GetBytes("Sharing.Zip 1\n" + text), hash);
        Id = new(hash);
    }

    /// <summary>How many bytes there are.</summary>
    public long Length { get; private set; }

    /// <summary>Names exactly these bytes. It is no hash of them, but of all that they are made from.</summary>
    public ContentId Id { get; }

    /// <summary>The part that holds an offset: literal bytes or a content, and where it begins.</summary>
    public (long Start, byte[]? Bytes, ContentId Content) PartAt(long offset)
    {
        var (low, high) = (0, _parts.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = _parts[middle].Start <= offset ? (middle, high) : (low, middle - 1);
        }

        return _parts[low];
    }

    void Add(byte[] bytes)
    {
        _parts.Add((Length, bytes, default));
        Length += bytes.Length;
    }

    /// <summary>The header before a file's bytes (4.3.7).</summary>
    static byte[] Header(ArchivedFile file, byte[] name)
    {
        var isLarge = file.Content.Length >= Most;
        var fields = new Fields().Long(0x04034b50).Word(isLarge ? Version64 : Version).Word(Utf8).Word(0).Time(file.Modified).Long(file.Crc32)
            .Long(isLarge ? Most : (uint)file.Content.Length).Long(isLarge ? Most : (uint)file.Content.Length).Word((ushort)name.Length).Word((ushort)(isLarge ? 20 : 0)).Bytes(name);
        return (isLarge ? fields.Word(Zip64).Word(16).Number(file.Content.Length).Number(file.Content.Length) : fields).ToArray();
    }

    /// <summary>The file's line in the directory (4.3.12).</summary>
    static byte[] Entry(ArchivedFile file, byte[] name, long start)
    {
        var (isLarge, isFar) = (file.Content.Length >= Most, start >= Most);
        var extra = (isLarge ? 16 : 0) + (isFar ? 8 : 0);
        var version = isLarge || isFar ? Version64 : Version;
        var fields = new Fields().Long(0x02014b50).Word((ushort)((3 << 8) | version)).Word(version).Word(Utf8).Word(0).Time(file.Modified).Long(file.Crc32)
            .Long(isLarge ? Most : (uint)file.Content.Length).Long(isLarge ? Most : (uint)file.Content.Length).Word((ushort)name.Length).Word((ushort)(extra > 0 ? extra + 4 : 0))
            .Word(0).Word(0).Word(0).Long(0x81a4u << 16).Long(isFar ? Most : (uint)start).Bytes(name);
        fields = extra > 0 ? fields.Word(Zip64).Word((ushort)extra) : fields;
        fields = isLarge ? fields.Number(file.Content.Length).Number(file.Content.Length) : fields;
        return (isFar ? fields.Number(start) : fields).ToArray();
    }

    /// <summary>The end (4.3.14 to 4.3.16).</summary>
    static byte[] End(int count, long start, long length)
    {
        var needs64 = count >= ushort.MaxValue || start >= Most || length >= Most;
        var fields = new Fields();
        if (needs64)
        {
            fields = fields.Long(0x06064b50).Number(44).Word((3 << 8) | Version64).Word(Version64).Long(0).Long(0).Number(count).Number(count).Number(length).Number(start)
                .Long(0x07064b50).Long(0).Number(start + length).Long(1);
        }

        var few = (ushort)Math.Min(count, ushort.MaxValue);
        return fields.Long(0x06054b50).Word(0).Word(0).Word(few).Word(few).Long((uint)Math.Min(length, Most)).Long((uint)Math.Min(start, Most)).Word(0).ToArray();
    }

    /// <summary>Numbers, the smaller byte first.</summary>
    sealed class Fields
    {
        readonly List<byte> _bytes = [];

        public Fields Word(ushort value) => Bytes([(byte)value, (byte)(value >> 8)]);

        public Fields Long(uint value)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
            return Bytes(bytes);
        }

        public Fields Number(long value)
        {
            Span<byte> bytes = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            return Bytes(bytes);
        }

        /// <summary>A time as MS-DOS has it, to two seconds, from 1980 to 2107.</summary>
        public Fields Time(DateTime time)
        {
            time = new[] { new DateTime(1980, 1, 1), time }.Max() is var late && late.Year > 2107 ? new(2107, 12, 31) : late;
            return Word((ushort)((time.Hour << 11) | (time.Minute << 5) | (time.Second / 2))).Word((ushort)(((time.Year - 1980) << 9) | (time.Month << 5) | time.Day));
        }

        public Fields Bytes(ReadOnlySpan<byte> bytes)
        {
            _bytes.AddRange(bytes);
            return this;
        }

        public byte[] ToArray() => [.. _bytes];
    }
}
