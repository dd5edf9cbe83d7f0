using System.Buffers.Binary;

namespace Sharing.P2P;

/// <summary>What terminals of a spread index say to each other: <c>POST /p/{ticket}/members</c>. Numbers are big-endian.</summary>
/// <remarks>
/// The question: 1; the length (2) and the bytes of the asking terminal's own record; the length (2) and the form of the chunks that it lacks (<see cref="ChunkSet"/>); salt (4); the length (1) and the
/// bits of a filter: of each record that it has, one bit is set, whose number is the first 8 bytes of BLAKE3(salt, device, session, version), modulo how many bits there are. None is set: it knows hardly anybody.
/// The answer: records, each with its age in quarters of a second (1) and its length (2) before it; none where too much was said already.
/// </remarks>
static class SpreadMessages
{
    /// <summary>Bytes that come with each record of an answer.</summary>
    public const int PerRecord = 3;

    /// <summary>The longest answer.</summary>
    public const int MostAnswer = 4 * 1024;

    /// <summary>The longest question.</summary>
    public const int MostQuestion = SpreadRecord.Most + MostLacks + MostFilter + 16;

    const int MostLacks = 96;
    const int MostFilter = 128;
    const int Quarter = 250;

    public static byte[] Ask(SpreadRecord own, List<(int First, int Last)> lacks, IReadOnlyCollection<SpreadRecord> known, Random random)
    {
        using var stream = new MemoryStream();
        stream.WriteByte(1);
        Write(stream, own.Bytes);
        var form = FormOf(lacks, random);
        Write(stream, form);
        Span<byte> salt = stackalloc byte[4];
        random.NextBytes(salt);
        stream.Write(salt);
        var filter = new byte[Math.Clamp((known.Count + 1) / 2, 8, MostFilter)];
        foreach (var record in known)
        {
            var bit = BitOf(salt, record, 8 * filter.Length);
            filter[bit / 8] |= (byte)(1 << (bit % 8));
        }

        stream.WriteByte((byte)filter.Length);
        stream.Write(filter);
        return stream.ToArray();
    }

    /// <summary>Reads a question; <c>null</c>: it is none.</summary>
    public static Question? ReadQuestion(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 1 || bytes[0] != 1)
        {
            return null;
        }

        var rest = bytes[1..];
        if (!Next(ref rest, out var own) || SpreadRecord.Read(own) is not { } record || !Next(ref rest, out var form) || ChunkSet.Read(form) is not { } lacks
            || rest.Length < 5 || rest[4] is 0 or > MostFilter || rest.Length != 5 + rest[4])
        {
            return null;
        }

        var runs = new List<(int, int)>();
        foreach (var run in lacks)
        {
            runs.Add(run);
        }

        return new(record, runs, rest[..4].ToArray(), rest[5..].ToArray());
    }

    public static byte[] Answer(List<(SpreadRecord Record, int Age)> records)
    {
        using var stream = new MemoryStream();
        foreach (var (record, age) in records)
        {
            stream.WriteByte((byte)Math.Min(byte.MaxValue, (age + Quarter - 1) / Quarter));
            Write(stream, record.Bytes);
        }

        return stream.ToArray();
    }

    /// <summary>Reads an answer; <c>null</c>: it is none.</summary>
    public static List<(SpreadRecord Record, int Age)>? ReadAnswer(ReadOnlySpan<byte> bytes)
    {
        var records = new List<(SpreadRecord, int)>();
        while (!bytes.IsEmpty)
        {
            var age = bytes[0] * Quarter;
            var rest = bytes[1..];
            if (!Next(ref rest, out var one) || SpreadRecord.Read(one) is not { } record)
            {
                return null;
            }

            records.Add((record, age));
            bytes = rest;
        }

        return records;
    }

    /// <summary>The chunks that are lacked, as many as may be said, from any place on.</summary>
    static byte[] FormOf(List<(int First, int Last)> lacks, Random random)
    {
        var form = ChunkSet.Of(lacks).Form;
        if (form.Length <= MostLacks)
        {
            return form.ToArray();
        }

        var count = (MostLacks - 1) / 6;
        var start = random.Next(lacks.Count - count + 1);
        return ChunkSet.Of(lacks.GetRange(start, count)).Form is { Length: <= MostLacks } part ? part.ToArray() : ChunkSet.Of([lacks[start]]).Form.ToArray();
    }

    static int BitOf(ReadOnlySpan<byte> salt, SpreadRecord record, int bits)
    {
        Span<byte> text = stackalloc byte[4 + DeviceName.Size + 16];
        salt.CopyTo(text);
        record.Device.CopyTo(text[4..]);
        BinaryPrimitives.WriteInt64BigEndian(text[(4 + DeviceName.Size)..], record.Age.Session);
        BinaryPrimitives.WriteInt64BigEndian(text[(4 + DeviceName.Size + 8)..], record.Age.Version);
        Span<byte> hash = stackalloc byte[Core.Blake3.HashSize];
        Core.Blake3.Hash(text, hash);
        return (int)(BinaryPrimitives.ReadUInt64BigEndian(hash) % (ulong)bits);
    }

    static bool Next(scoped ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> part)
    {
        part = default;
        if (bytes.Length < 2 || BinaryPrimitives.ReadUInt16BigEndian(bytes) is var length && bytes.Length < 2 + length)
        {
            return false;
        }

        part = bytes.Slice(2, length);
        bytes = bytes[(2 + length)..];
        return true;
    }

    static void Write(MemoryStream stream, ReadOnlySpan<byte> part)
    {
        stream.Write([(byte)(part.Length >> 8), (byte)part.Length]);
        stream.Write(part);
    }

    /// <summary>A question, read.</summary>
    public sealed record Question(SpreadRecord Own, List<(int First, int Last)> Lacks, byte[] Salt, byte[] Filter)
    {
        /// <summary>Whether who asks has hardly any record.</summary>
        public bool KnowsFew => !Filter.ContainsAnyExcept((byte)0);

        public bool Has(SpreadRecord record)
        {
            var bit = BitOf(Salt, record, 8 * Filter.Length);
            return (Filter[bit / 8] & (1 << (bit % 8))) != 0;
        }
    }
}
