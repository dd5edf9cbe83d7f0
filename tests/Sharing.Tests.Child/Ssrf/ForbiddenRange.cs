using System.Net;

namespace Sharing.Tests.Child.Ssrf;

/// <summary>A range of addresses into which nobody's address may lead, and the counter of its packets.</summary>
/// <param name="Name">Its name, which is also its counter's.</param>
/// <param name="Network">The range.</param>
/// <param name="IsReachable">Whether an ordinary connection sends a packet there: no TCP goes to groups and broadcasts, or to a link that is not named.</param>
sealed record ForbiddenRange(string Name, IPNetwork Network, bool IsReachable = true)
{
    public static IReadOnlyList<ForbiddenRange> All { get; } =
    [
        Of("this_network", "0.0.0.0/8", false), // 0.0.0.0 is sent to loopback
        Of("private_10", "10.0.0.0/8"), Of("carrier_nat", "100.64.0.0/10"), Of("loopback", "127.0.0.0/8"), Of("azure_host", "168.63.129.16/32"),
        Of("link_local", "169.254.0.0/16"), Of("private_172", "172.16.0.0/12"), Of("assignments", "192.0.0.0/24"), Of("documentation_1", "192.0.2.0/24"),
        Of("relays_6to4", "192.88.99.0/24"), Of("private_192", "192.168.0.0/16"), Of("benchmarks", "198.18.0.0/15"), Of("documentation_2", "198.51.100.0/24"),
        Of("documentation_3", "203.0.113.0/24"), Of("multicast", "224.0.0.0/4", false), Of("broadcast", "255.255.255.255/32", false), Of("reserved", "240.0.0.0/4"),
        Of("loopback6", "::1/128"), Of("compatible", "::/96"), Of("translated", "::ffff:0:0:0/96"), Of("nat64", "64:ff9b::/96"), Of("nat64_local", "64:ff9b:1::/48"),
        Of("discard", "100::/64"), Of("teredo", "2001::/32"), Of("benchmarks6", "2001:2::/48"), Of("orchid", "2001:20::/28"), Of("assignments6", "2001::/23"),
        Of("documentation6", "2001:db8::/32"), Of("six_to_four", "2002::/16"), Of("sixbone", "3ffe::/16"), Of("documentation6_2", "3fff::/20"),
        Of("segment_routing", "5f00::/16"), Of("unique_local", "fc00::/7"), Of("link_local6", "fe80::/10", false), Of("site_local", "fec0::/10"), Of("multicast6", "ff00::/8", false),
    ];

    /// <summary>The first and the last address of the range, those in it that are known for what they serve, and some by chance.</summary>
    public IEnumerable<IPAddress> Samples(Random random)
    {
        var first = Network.BaseAddress.GetAddressBytes();
        yield return Network.BaseAddress;
        yield return Filled(first, _ => 0xFF);
        yield return Filled(first, at => at == first.Length - 1 ? (byte)1 : (byte)0);
        yield return Filled(first, _ => (byte)random.Next(256));
        foreach (var known in Known.Where(Network.Contains))
        {
            yield return known;
        }
    }

    static readonly IPAddress[] Known =
    [
        .. new[]
        {
            "127.0.0.1", "127.0.0.53", "169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192", "192.168.0.1", "192.168.1.1", "172.17.0.1", "10.96.0.1",
            "fd00:ec2::254", "fe80::a9fe:a9fe", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::", "::a9fe:a9fe", "::7f00:1", "224.0.0.251", "ff02::1", "fd20:ce::254",
        }.Select(IPAddress.Parse),
    ];

    static ForbiddenRange Of(string name, string network, bool reachable = true) => new(name, IPNetwork.Parse(network), reachable);

    /// <summary>The base with the bits behind the prefix filled.</summary>
    IPAddress Filled(byte[] first, Func<int, byte> with)
    {
        var bytes = new byte[first.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            var mask = (byte)(0xFF >> Math.Clamp(Network.PrefixLength - (8 * i), 0, 8));
            bytes[i] = (byte)(first[i] | (with(i) & mask));
        }

        return new IPAddress(bytes);
    }
}
