using System.Diagnostics;
using System.Globalization;

namespace Sharing.Trials.Swarm;

/// <summary>Hosts in network namespaces of their own on one bridge, each behind a token bucket for what it sends. Linux, as root. Disposing takes all of it away.</summary>
/// <param name="name">Stands before the names of all that is made.</param>
/// <param name="count">How many hosts.</param>
/// <param name="megabits">What each may send in a second.</param>
sealed class NetworkHosts(string name, int count, int megabits) : IAsyncDisposable
{
    readonly List<Process> _running = [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await ClearAsync();
        await ShellAsync($"ip link add {name} type bridge; ip link set {name} up", cancellationToken);
        for (var host = 0; host < count; host++)
        {
            var one = NameOf(host);
            await ShellAsync(
                $"ip netns add {one}; ip link add {one} type veth peer name eth0 netns {one}; ip link set {one} master {name} up; ip -n {one} addr add {AddressOf(host)}/24 dev eth0; "
                + $"ip -n {one} link set eth0 up; ip -n {one} link set lo up; tc -n {one} qdisc add dev eth0 root tbf rate {megabits}mbit burst 64kb latency 100ms",
                cancellationToken);
        }
    }

    public static string AddressOf(int host) => string.Create(CultureInfo.InvariantCulture, $"10.77.0.{host + 1}");

    /// <summary>Starts a program on a host. Killing it kills the program itself.</summary>
    public Process Run(int host, params string[] command)
    {
        var process = Process.Start(new ProcessStartInfo("ip", ["netns", "exec", NameOf(host), .. command])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("ip did not start.");
        _running.Add(process);
        return process;
    }

    /// <summary>From now on nothing goes from one host to another, or back.</summary>
    public Task PartAsync(int host, int from, CancellationToken cancellationToken) => ShellAsync(
        $"printf 'table inet parted {{ chain out {{ type filter hook output priority 0; ip daddr {AddressOf(from)} drop; }}; chain in {{ type filter hook input priority 0; ip saddr {AddressOf(from)} drop; }}; }}' "
        + $"| ip netns exec {NameOf(host)} nft -f -",
        cancellationToken);

    /// <summary>From now on everything goes again.</summary>
    public Task HealAsync(int host, CancellationToken cancellationToken) => ShellAsync($"ip netns exec {NameOf(host)} nft delete table inet parted", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _running)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }

        await ClearAsync();
    }

    string NameOf(int host) => string.Create(CultureInfo.InvariantCulture, $"{name}{host}");

    async Task ClearAsync()
    {
        foreach (var host in Enumerable.Range(0, count))
        {
            await ShellAsync($"ip netns del {NameOf(host)} 2>/dev/null || true", CancellationToken.None);
        }

        await ShellAsync($"ip link del {name} 2>/dev/null || true", CancellationToken.None);
    }

    static async Task ShellAsync(string command, CancellationToken cancellationToken)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-ec", command]) { RedirectStandardError = true }) ?? throw new InvalidOperationException("sh did not start.");
        var said = await shell.StandardError.ReadToEndAsync(cancellationToken);
        await shell.WaitForExitAsync(cancellationToken);
        if (shell.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command}: {said}");
        }
    }
}
