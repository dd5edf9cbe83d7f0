using System.Buffers.Binary;
using System.Net;

namespace Sharing.P2P;

/// <summary>Tells from the addresses that two terminals come from whether they are in one local network.</summary>
static class SameNetwork
{
    /// <summary>An address as a number: an IPv4 address as it is mapped into IPv6.</summary>
    public static UInt128 Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>One public address (they share a way out), one private subnet of 256 addresses, or one IPv6 subnet (64 bits).</summary>
    public static bool Of(UInt128 one, UInt128 other) => one == other || (IsIPv4(one) ? IsIPv4(other) && one >> 8 == other >> 8 && IsPrivate((uint)one) : one >> 64 == other >> 64 && !IsIPv4(other));

    static bool IsIPv4(UInt128 address) => address >> 32 == 0xffff;

    static bool IsPrivate(uint address) => address >> 24 == 10 || address >> 20 == 0xac1 || address >> 16 == 0xc0a8;
}
