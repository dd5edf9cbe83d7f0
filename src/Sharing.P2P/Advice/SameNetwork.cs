using System.Net;
using System.Net.Sockets;

namespace Sharing.P2P;

/// <summary>Tells from the addresses that two terminals come from whether they are in one local network.</summary>
static class SameNetwork
{
    /// <summary>One public address (they share a way out), one private subnet of 256 addresses, or one IPv6 subnet (64 bits).</summary>
    public static bool Of(IPAddress one, IPAddress other)
    {
        (one, other) = (Plain(one), Plain(other));
        if (one.AddressFamily != other.AddressFamily)
        {
            return false;
        }

        if (one.Equals(other))
        {
            return true;
        }

        Span<byte> a = stackalloc byte[16], b = stackalloc byte[16];
        return one.TryWriteBytes(a, out _) && other.TryWriteBytes(b, out _) && (one.AddressFamily == AddressFamily.InterNetworkV6
            ? a[..8].SequenceEqual(b[..8])
            : IsPrivate(a) && a[..3].SequenceEqual(b[..3]));
    }

    static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    static bool IsPrivate(ReadOnlySpan<byte> a) => a[0] == 10 || (a[0] == 172 && a[1] is >= 16 and < 32) || (a[0] == 192 && a[1] == 168);
}
