using System.Diagnostics;
using System.Globalization;

namespace Sharing.Benchmarks;

/// <summary>A file for eight terminals at once, each host in a network namespace of its own behind a token bucket; judged by what is physically possible.</summary>
/// <remarks>Kumar and Ross, "Peer-Assisted File Distribution: The Minimum Distribution Time", HotWeb 2006. Linux, as root. The bucket counts Ethernet frames, so that 1.06 of the bound is the least that can be.
/// All have fetched another file of 8 MiB together before, as terminals that run have: else nine runtimes that compile themselves share the processors.</remarks>
sealed class SwarmComparison : Comparison
{
    const int Terminals = 8;
    const int Megabits = 32;
    const int Port = 7400;

    string _folder = "";
    int _mebibytes;
    int _run;

    public override string Name => "swarm";

    public override string About =>
        $"{Terminals} terminals fetch {_mebibytes} MiB at once from a server, {Megabits} Mbit/s up for each of the nine, until the last is done; against the bound of Kumar and Ross, {Bound:0.00} s";

    public override double Target => 1 / 1.15;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides => [("Sharing", RunAsync)];

    double Bytes => (double)(_mebibytes << 20);

    double Bound => Math.Max(Bytes * 8 / (Megabits * 1e6), Terminals * Bytes * 8 / ((Terminals + 1) * Megabits * 1e6));

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
    [
        ("the bound ÷ Sharing", Bound / round["Sharing"].Seconds),
        ("1.1 ÷ copies that the server sent", 1.1 / round["Sharing"].Rate),
    ];

    public override async Task PrepareAsync(string folder, bool quick)
    {
        (_folder, _mebibytes) = (folder, quick ? 16 : 64);
        RandomFile.Write(Path.Combine(folder, "before"), 8 << 20, seed: 2);
        RandomFile.Write(Path.Combine(folder, "file"), _mebibytes << 20);
        await ClearAsync();
        await Rival.ShellAsync("ip link add swarm type bridge; ip link set swarm up");
        for (var host = 0; host <= Terminals; host++)
        {
            await Rival.ShellAsync(
                $"ip netns add swarm{host}; ip link add swarm{host} type veth peer name eth0 netns swarm{host}; ip link set swarm{host} master swarm up; ip -n swarm{host} addr add {Address(host)}/24 dev eth0; "
                + $"ip -n swarm{host} link set eth0 up; ip -n swarm{host} link set lo up; tc -n swarm{host} qdisc add dev eth0 root tbf rate {Megabits}mbit burst 64kb latency 100ms");
        }
    }

    public override async ValueTask EndAsync() => await ClearAsync();

    static async Task ClearAsync()
    {
        for (var host = 0; host <= Terminals; host++)
        {
            await Rival.ShellAsync($"ip netns del swarm{host} 2>/dev/null || true");
        }

        await Rival.ShellAsync("ip link del swarm 2>/dev/null || true");
    }

    static string Address(int host) => $"10.77.0.{host + 1}";

    static Process Start(int host, params string[] work) => Process.Start(new ProcessStartInfo("ip", ["netns", "exec", $"swarm{host}", Environment.ProcessPath!, "work", .. work])
    {
        UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
    }) ?? throw new InvalidOperationException("ip did not start.");

    async Task<Cost> RunAsync()
    {
        var run = Path.Combine(_folder, $"run-{_run++}");
        using var server = Start(0, "swarm-server", Path.Combine(run, "server"), $"{Address(0)}:{Port}", Path.Combine(_folder, "before"), Path.Combine(_folder, "file"));
        var (before, share) = (await LineAsync(server), await LineAsync(server));
        var terminals = Enumerable.Range(1, Terminals).Select(host => Start(host, "swarm-terminal", Path.Combine(run, $"{host}"), $"http://{Address(0)}:{Port}/", $"{Address(host)}:{Port}", before, share)).ToArray();
        await TogetherAsync(terminals);
        var (last, sent) = await TogetherAsync(terminals);

        foreach (var terminal in terminals)
        {
            terminal.StandardInput.Close();
            await terminal.WaitForExitAsync();
            terminal.Dispose();
        }

        server.Kill(entireProcessTree: true);
        await server.WaitForExitAsync();
        Directory.Delete(run, recursive: true);
        return new(last, 0, sent / Bytes);
    }

    /// <summary>Waits until all are ready, sends them off, and waits for the last.</summary>
    static async Task<(double Seconds, long FromServer)> TogetherAsync(Process[] terminals)
    {
        foreach (var terminal in terminals)
        {
            await LineAsync(terminal);
        }

        foreach (var terminal in terminals)
        {
            await terminal.StandardInput.WriteLineAsync("go");
        }

        var (last, sent) = (0.0, 0L);
        foreach (var terminal in terminals)
        {
            var said = (await LineAsync(terminal)).Split(' ');
            (last, sent) = (Math.Max(last, double.Parse(said[0], CultureInfo.InvariantCulture)), sent + long.Parse(said[1], CultureInfo.InvariantCulture));
        }

        return (last, sent);
    }

    static async Task<string> LineAsync(Process process) => await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("It ended.");
}
