using System.Net;
using System.Net.Sockets;

namespace Sharing.Core;

/// <summary>Which addresses belong to the public internet.</summary>
/// <remarks>
/// After the IANA special-purpose address registries (RFC 6890 and later): what they do not call globally reachable is refused. Some
/// small blocks that are reachable but serve no content (protocol assignments, AMT, ORCHID) are refused with their neighbours.
/// Addresses that carry an IPv4 address inside (compatible, NAT64, 6to4, Teredo, ISATAP) are refused whatever they carry: their packets end
/// where a translator on the way decides. Only the IPv4-mapped form is another spelling of the same destination, and is judged as such.
/// </remarks>
static class GlobalAddresses
{
    static readonly IPNetwork[] RefusedV4 =
    [
        IPNetwork.Parse("0.0.0.0/8"), // this network
        IPNetwork.Parse("10.0.0.0/8"), // private
        IPNetwork.Parse("100.64.0.0/10"), // carrier-grade NAT; also Alibaba's metadata
        IPNetwork.Parse("127.0.0.0/8"), // loopback
        IPNetwork.Parse("168.63.129.16/32"), // Azure's host, public by number only
        IPNetwork.Parse("169.254.0.0/16"), // link-local, cloud metadata
        IPNetwork.Parse("172.16.0.0/12"), // private
        IPNetwork.Parse("192.0.0.0/24"), // protocol assignments; also Oracle's metadata
        IPNetwork.Parse("192.0.2.0/24"), // documentation
        IPNetwork.Parse("192.88.99.0/24"), // 6to4 relays
        IPNetwork.Parse("192.168.0.0/16"), // private
        IPNetwork.Parse("198.18.0.0/15"), // benchmarks
        IPNetwork.Parse("198.51.100.0/24"), // documentation
        IPNetwork.Parse("203.0.113.0/24"), // documentation
        IPNetwork.Parse("224.0.0.0/4"), // multicast
        IPNetwork.Parse("240.0.0.0/4"), // reserved, broadcast
    ];

    static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");

    static readonly IPNetwork[] RefusedV6 =
    [
        IPNetwork.Parse("2001::/23"), // protocol assignments: Teredo, benchmarks, AMT, ORCHID
        IPNetwork.Parse("2001:db8::/32"), // documentation
        IPNetwork.Parse("2002::/16"), // 6to4
        IPNetwork.Parse("3ffe::/16"), // 6bone, given back
        IPNetwork.Parse("3fff::/20"), // documentation
    ];

    /// <summary>Whether packets to this address go to one host on the public internet.</summary>
    public static bool IsGlobalUnicast(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return !Contains(RefusedV4, address);
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6 || address.ScopeId != 0)
        {
            return false;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return IsGlobalUnicast(address.MapToIPv4());
        }

        return GlobalV6.Contains(address) && !Contains(RefusedV6, address) && !IsIsatap(address);
    }

    // RFC 5214: the interface identifier is ::0:5efe:a.b.c.d or ::200:5efe:a.b.c.d.
    static bool IsIsatap(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return (bytes[8] & ~2) == 0 && bytes[9] == 0 && bytes[10] == 0x5E && bytes[11] == 0xFE;
    }

    static bool Contains(IPNetwork[] networks, IPAddress address)
    {
        foreach (var network in networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}
