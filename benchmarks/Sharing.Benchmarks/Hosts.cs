using System.Diagnostics;
using System.Globalization;

namespace Sharing.Benchmarks;

/// <summary>Hosts on one machine, each a network namespace behind a bridge, what it sends held to a rate by a token bucket. Linux, as root.</summary>
/// <param name="name">Names the bridge and, with a number, the namespaces.</param>
/// <param name="network">The first three numbers of their addresses.</param>
/// <param name="count">How many.</param>
sealed class Hosts(string name, string network, int count)
{
    /// <summary>Bytes of an Ethernet frame beside its payload, and the payload of a full one: IP and TCP with time stamps.</summary>
    const int Header = 66;
    const int Payload = 1448;

    /// <summary>Said with every result.</summary>
    public static string About => $"TCP congestion control {File.ReadAllText("/proc/sys/net/ipv4/tcp_congestion_control").Trim()}, as the machine has it; no delay, no loss";

    public async Task MakeAsync()
    {
        await ClearAsync();
        await Rival.ShellAsync($"ip link add {name} type bridge; ip link set {name} up");
        for (var host = 0; host < count; host++)
        {
            var space = SpaceOf(host);
            await Rival.ShellAsync(
                $"ip netns add {space}; ip link add {space} type veth peer name eth0 netns {space}; ip link set {space} master {name} up; ip -n {space} addr add {AddressOf(host)}/24 dev eth0; "
                + $"ip -n {space} link set eth0 up; ip -n {space} link set lo up");
        }
    }

    public async ValueTask ClearAsync()
    {
        for (var host = 0; host < count; host++)
        {
            await Rival.ShellAsync($"ip link del {SpaceOf(host)} 2>/dev/null || true; ip netns del {SpaceOf(host)} 2>/dev/null || true");
        }

        await Rival.ShellAsync($"ip link del {name} 2>/dev/null || true");
    }

    /// <summary>What a host sends is held to a rate, in bits of Ethernet frames a second.</summary>
    public Task LimitFramesAsync(int host, double bits) => Rival.ShellAsync(
        $"tc -n {SpaceOf(host)} qdisc replace dev eth0 root tbf rate {Math.Round(bits).ToString(CultureInfo.InvariantCulture)}bit burst {(bits > 2e8 ? "128kb" : "32kb")} latency 100ms");

    /// <summary>What a host sends is held to a rate, in bytes of payload a second: frames and their headers come on top.</summary>
    public Task LimitAsync(int host, double bytes) => LimitFramesAsync(host, bytes * 8 * (Payload + Header) / Payload);

    /// <summary>From now on nothing of what a host sends arrives; or it arrives again.</summary>
    public Task SilenceAsync(int host, bool silent) => Rival.ShellAsync(
        $"ip netns exec {SpaceOf(host)} nft {(silent ? "'add rule ip silence out drop'" : "'flush ruleset; add table ip silence; add chain ip silence out { type filter hook output priority 0; }'")}");

    /// <summary>The bytes that went to a host so far, without the headers of frames.</summary>
    public long BytesTo(int host) => Counted(host, "tx");

    /// <summary>The bytes that came from a host so far, without the headers of frames.</summary>
    public long BytesFrom(int host) => Counted(host, "rx");

    public string AddressOf(int host) => $"{network}.{host + 1}";

    public string SpaceOf(int host) => $"{name}{host}";

    /// <summary>Starts a program on a host.</summary>
    public Process Start(int host, string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo("ip", ["netns", "exec", SpaceOf(host), program, .. arguments]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })
        ?? throw new InvalidOperationException("ip did not start.");

    /// <summary>Starts a piece of work of our own on a host.</summary>
    /// <remarks>Nine runtimes share the processors: they compile each method once and for good, as the terminal does (its TieredCompilation is off).</remarks>
    public Process StartWork(int host, params string[] work) => Start(host, "/usr/bin/env", ["DOTNET_TieredCompilation=0", Environment.ProcessPath!, "work", .. work]);

    /// <summary>The next line that a program says.</summary>
    public static async Task<string> LineAsync(Process process) => await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("It ended.");

    /// <summary>Ends a program at once.</summary>
    public static async Task KillAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    long Counted(int host, string way) => Read(host, $"{way}_bytes") - (Header * Read(host, $"{way}_packets"));

    long Read(int host, string counter) => long.Parse(File.ReadAllText($"/sys/class/net/{SpaceOf(host)}/statistics/{counter}"), CultureInfo.InvariantCulture);
}
