using System.Buffers.Binary;

namespace Sharing.Apps;

/// <summary>The block of signatures that stands before a package's directory: pairs of an id and a value, of which those of schemes 2 and 3 are read.</summary>
/// <remarks>Android takes the first of an id, other readers the last: a block with two of one is refused.</remarks>
sealed class SigningBlock
{
    const uint V2Id = 0x7109871a, V3Id = 0xf05368c0, V31Id = 0x1b93ad61;
    const int Frame = 24, MostPairs = 256, MostValue = 1 << 20;

    SigningBlock(long start) => Start = start;

    /// <summary>Where the entries end and the block starts; the directory, where there is no block.</summary>
    public long Start { get; }

    public byte[]? V2 { get; private set; }

    public byte[]? V3 { get; private set; }

    /// <summary>Scheme 3.1: the signature for API 33 and later.</summary>
    public byte[]? V31 { get; private set; }

    public static SigningBlock Read(PackageBytes bytes, long directory)
    {
        Span<byte> footer = stackalloc byte[Frame];
        if (directory < Frame + 8)
        {
            return new(directory);
        }

        bytes.Read(directory - Frame, footer);
        if (!footer[8..].SequenceEqual("APK Sig Block 42"u8))
        {
            return new(directory);
        }

        var size = BinaryPrimitives.ReadUInt64LittleEndian(footer);
        Span<byte> header = stackalloc byte[8];
        if (size < Frame || size > (ulong)directory - 8)
        {
            throw Fault("has an impossible size");
        }

        var block = new SigningBlock(directory - (long)size - 8);
        bytes.Read(block.Start, header);
        if (BinaryPrimitives.ReadUInt64LittleEndian(header) != size)
        {
            throw Fault("has two sizes");
        }

        block.ReadPairs(bytes, directory - Frame);
        return block;
    }

    void ReadPairs(PackageBytes bytes, long end)
    {
        Span<byte> pair = stackalloc byte[12];
        var at = Start + 8;
        for (var count = 0; at < end; count++)
        {
            if (count == MostPairs || end - at < pair.Length)
            {
                throw Fault("holds impossible pairs");
            }

            bytes.Read(at, pair);
            var (length, id) = (BinaryPrimitives.ReadUInt64LittleEndian(pair), BinaryPrimitives.ReadUInt32LittleEndian(pair[8..]));
            if (length < 4 || length > (ulong)(end - at - 8))
            {
                throw Fault("holds impossible pairs");
            }

            Take(bytes, id, at + pair.Length, (long)length - 4);
            at += 8 + (long)length;
        }
    }

    void Take(PackageBytes bytes, uint id, long at, long length)
    {
        if (id is not (V2Id or V3Id or V31Id))
        {
            return;
        }

        if (length > MostValue || (id == V2Id ? V2 : id == V3Id ? V3 : V31) is not null)
        {
            throw Fault(length > MostValue ? "is too large" : "holds two signatures of one scheme");
        }

        var value = new byte[length];
        bytes.Read(at, value);
        (V2, V3, V31) = (id == V2Id ? value : V2, id == V3Id ? value : V3, id == V31Id ? value : V31);
    }

    static PackageFormatException Fault(string what) => new(PackageFault.Signature, $"The signing block {what}.");
}
