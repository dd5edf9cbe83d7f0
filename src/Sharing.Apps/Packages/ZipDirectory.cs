using System.Buffers.Binary;

namespace Sharing.Apps;

/// <summary>The central directory of a ZIP file, checked: what one reader sees in it, every reader sees.</summary>
/// <remarks>
/// Refused: ZIP64 and archives of several disks (no APK is one), data before the first entry, two entries of one name, names with control characters or <c>..</c>,
/// a directory that does not end where the end record starts (a second end record hidden in the comment), a comment that does not end with the file.
/// </remarks>
sealed class ZipDirectory
{
    const int EndSize = 22, RecordSize = 46, MostBytes = 32 << 20;
    const uint EndMagic = 0x06054b50, RecordMagic = 0x02014b50, LocalMagic = 0x04034b50;
    readonly byte[] _records;
    readonly int[] _table; // open addressing; entry + 1

    ZipDirectory(byte[] records, ZipEntry[] entries, long start, long end)
    {
        (_records, Entries, Start, End) = (records, entries, start, end);
        _table = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(2 * entries.Length) + 1)];
        for (var i = 0; i < entries.Length; i++)
        {
            Add(i);
        }
    }

    public ZipEntry[] Entries { get; }

    /// <summary>Where the directory starts: the end of what entries may fill.</summary>
    public long Start { get; }

    /// <summary>Where the end record starts.</summary>
    public long End { get; }

    public ReadOnlySpan<byte> Name(ZipEntry entry) => _records.AsSpan(entry.NameStart, entry.NameLength);

    /// <summary>The entry of a name; <c>null</c>: there is none.</summary>
    public ZipEntry? Find(ReadOnlySpan<byte> name)
    {
        var slot = _table[Slot(name)];
        return slot == 0 ? null : Entries[slot - 1];
    }

    public static ZipDirectory Read(PackageBytes bytes)
    {
        var (start, end, count) = FindEnd(bytes);
        var records = GC.AllocateUninitializedArray<byte>((int)(end - start));
        bytes.Read(start, records);
        var entries = new ZipEntry[count];
        var at = 0;
        for (var i = 0; i < count; i++)
        {
            (entries[i], at) = ReadRecord(records, at, start);
        }

        if (at != records.Length)
        {
            throw Fault("Its directory does not end where it says.");
        }

        Span<byte> magic = stackalloc byte[4];
        bytes.Read(0, magic);
        return count > 0 && BinaryPrimitives.ReadUInt32LittleEndian(magic) != LocalMagic
            ? throw Fault("Something stands before the first entry.")
            : new(records, entries, start, end);
    }

    static (long Start, long End, int Count) FindEnd(PackageBytes bytes)
    {
        var tail = new byte[(int)Math.Min(bytes.Length, EndSize + ushort.MaxValue)];
        var place = bytes.Length - tail.Length;
        bytes.Read(place, tail);
        var at = tail.AsSpan()[..Math.Max(tail.Length - EndSize + 4, 0)].LastIndexOf("PK\u0005\u0006"u8);
        if (at < 0)
        {
            throw Fault("It is no ZIP file.");
        }

        var record = tail.AsSpan(at);
        var (disk, directoryDisk) = (Word(record, 4), Word(record, 6));
        var (here, count, comment) = (Word(record, 8), Word(record, 10), Word(record, 20));
        var (size, start, end) = (Long(record, 12), Long(record, 16), place + at);
        return comment != record.Length - EndSize ? throw Fault("Its comment does not end with it.")
            : disk != 0 || directoryDisk != 0 || here != count || count == ushort.MaxValue || start == uint.MaxValue ? throw Fault("It is a ZIP64 file, or one of several disks.")
            : start + (long)size != end ? throw Fault("Its directory does not end at the end record.")
            : size > MostBytes || size < (uint)count * RecordSize ? throw Fault("Its directory has an impossible size.")
            : (start, end, count);
    }

    static (ZipEntry Entry, int Next) ReadRecord(byte[] records, int at, long start)
    {
        if (records.Length - at < RecordSize || Long(records, at) != RecordMagic)
        {
            throw Fault("Its directory is damaged.");
        }

        var record = records.AsSpan(at, RecordSize);
        var name = Word(record, 28);
        var next = at + RecordSize + name + Word(record, 30) + Word(record, 32);
        var entry = new ZipEntry(at + RecordSize, name, Word(record, 8), Word(record, 10), Long(record, 16), Long(record, 20), Long(record, 24), Long(record, 42));
        if (next > records.Length || entry.Header >= start || entry.Compressed == uint.MaxValue || entry.Size == uint.MaxValue)
        {
            throw Fault("Its directory is damaged.");
        }

        RequireName(records.AsSpan(entry.NameStart, name));
        return (entry, next);
    }

    static void RequireName(ReadOnlySpan<byte> name)
    {
        var good = name.Length > 0 && name[0] != '/' && !name.ContainsAnyInRange((byte)0, (byte)0x1f) && !name.Contains((byte)0x7f);
        for (var rest = name; good && rest.IndexOf(".."u8) is >= 0 and var at; rest = rest[(at + 2)..])
        {
            var (first, last) = (at == 0 ? name.Length == rest.Length || name[^(rest.Length + 1)] == '/' : rest[at - 1] == '/', rest.Length == at + 2 || rest[at + 2] == '/');
            good = !(first && last);
        }

        if (!good)
        {
            throw Fault("An entry has a name that no file may have.");
        }
    }

    void Add(int index)
    {
        var name = Name(Entries[index]);
        var slot = Slot(name);
        _table[slot] = _table[slot] == 0 ? index + 1 : throw Fault("Two entries have one name.");
    }

    /// <summary>The slot where a name is, or would be.</summary>
    int Slot(ReadOnlySpan<byte> name)
    {
        var hash = default(HashCode); // seeded anew in each process: no file can be made to collide
        hash.AddBytes(name);
        var slot = hash.ToHashCode() & (_table.Length - 1);
        while (_table[slot] is not 0 and var held && !Name(Entries[held - 1]).SequenceEqual(name))
        {
            slot = (slot + 1) & (_table.Length - 1);
        }

        return slot;
    }

    static ushort Word(ReadOnlySpan<byte> at, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(at[offset..]);

    static uint Long(ReadOnlySpan<byte> at, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(at[offset..]);

    static PackageFormatException Fault(string message) => new(PackageFault.Zip, message);
}
