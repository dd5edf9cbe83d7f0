using System.Buffers.Binary;

namespace Sharing.Apps;

/// <summary>Reads the little-endian numbers and length-prefixed parts of which APK signing blocks consist.</summary>
ref struct PrefixedReader(ReadOnlySpan<byte> bytes)
{
    ReadOnlySpan<byte> _rest = bytes;

    public readonly bool Any => _rest.Length > 0;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public uint Number()
    {
        if (_rest.Length < 4)
        {
            throw Fault();
        }

        var number = BinaryPrimitives.ReadUInt32LittleEndian(_rest);
        _rest = _rest[4..];
        return number;
    }

    public ReadOnlySpan<byte> Part()
    {
        var length = Number();
        if (length > _rest.Length)
        {
            throw Fault();
        }

        var part = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return part;
    }

    static PackageFormatException Fault() => new(PackageFault.Signature, "The signing block ends early.");
}
