using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Sharing.Tests.Child.Ssrf;

/// <summary>Makes a network in which every address seems reachable, and counts the packets that leave for the forbidden ones. Only for a network namespace of
/// its own.</summary>
static class PacketWatch
{
    const string Elsewhere = "elsewhere";

    /// <summary>Takes the namespace into use: public addresses, routes for all others, counters, a name server.</summary>
    /// <param name="folder">For files; they are bound over those of the system, in this process's view alone.</param>
    public static async Task SetUpAsync(string folder)
    {
        await RunAsync("ip", "link", "set", "lo", "up");
        await RunAsync("ip", "link", "add", "pub0", "type", "veth", "peer", "name", "pub1"); // what leaves here vanishes there
        await RunAsync("ip", "link", "set", "pub1", "arp", "off", "up");
        await RunAsync("ip", "link", "set", "pub0", "arp", "off", "up");
        foreach (var address in PublicInternet.All.Where(address => !address.Equals(PublicInternet.Silent)))
        {
            var isV6 = address.AddressFamily == AddressFamily.InterNetworkV6;
            await RunAsync("ip", ["addr", "add", $"{address}/{(isV6 ? 64 : 24)}", "dev", "pub0", .. isV6 ? ["nodad"] : (string[])[]]);
        }

        await RunAsync("ip", "route", "add", "default", "dev", "pub0");
        await RunAsync("ip", "-6", "route", "add", "default", "dev", "pub0");
        var rules = Path.Combine(folder, "watch.nft");
        await File.WriteAllTextAsync(rules, Rules());
        await RunAsync("nft", "-f", rules);
        await BindAsync("/etc/resolv.conf", $"nameserver {PublicInternet.Names}\noptions timeout:2 attempts:1\n");
        await BindAsync("/etc/nsswitch.conf", "hosts: files dns\n");
        await BindAsync("/etc/hosts", "127.0.0.1 localhost\n::1 localhost ip6-localhost\n");

        async Task BindAsync(string file, string text)
        {
            var own = Path.Combine(folder, Path.GetFileName(file));
            await File.WriteAllTextAsync(own, text);
            if (File.Exists(file))
            {
                await RunAsync("mount", "--bind", own, file);
            }
        }
    }

    /// <summary>The packets that left for each range since the last reset; ranges that got none are left out.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> CountAsync()
    {
        var listed = JsonNode.Parse(await RunAsync("nft", "-j", "list", "counters"))!["nftables"]!.AsArray();
        var counters = listed.Select(entry => entry!["counter"]).OfType<JsonNode>().ToDictionary(counter => (string)counter["name"]!, counter => (long)counter["packets"]!);
        return counters.Count == ForbiddenRange.All.Count + 1
            ? counters.Where(counter => counter.Value > 0).ToDictionary()
            : throw new InvalidOperationException($"{counters.Count} counters are there.");
    }

    public static Task ResetAsync() => RunAsync("nft", "reset", "counters");

    /// <summary>A counter for each forbidden range, and one for everything that is not one of the few public addresses. What the kernel says by itself to its
    /// neighbours (ICMPv6 130 to 136 and 143, IGMP) does not count.</summary>
    static string Rules()
    {
        var text = new StringBuilder("table inet watch {\n");
        foreach (var name in ForbiddenRange.All.Select(range => range.Name).Append(Elsewhere))
        {
            text.Append("  counter ").Append(name).Append(" {}\n");
        }

        text.Append("  chain out {\n    type filter hook output priority -300; policy accept;\n")
            .Append("    icmpv6 type { 130, 131, 132, 133, 134, 135, 136, 143 } return\n    ip protocol igmp return\n");
        foreach (var range in ForbiddenRange.All)
        {
            text.Append("    ").Append(Family(range.Network.BaseAddress)).Append(" daddr ").Append(range.Network).Append(" counter name ").Append(range.Name).Append('\n');
        }

        foreach (var family in PublicInternet.All.GroupBy(Family))
        {
            text.Append("    ").Append(family.Key).Append(" daddr != { ").AppendJoin(", ", family).Append(" } counter name ").Append(Elsewhere).Append('\n');
        }

        return text.Append("  }\n}\n").ToString();
    }

    static string Family(System.Net.IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? "ip6" : "ip";

    static async Task<string> RunAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await said
            : throw new InvalidOperationException($"{command} {string.Join(' ', arguments)}: {await complained}");
    }
}
