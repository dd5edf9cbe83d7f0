using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Sharing.Trials.Scripted;

namespace Sharing.Trials.Swarm;

/// <summary>One swarm and its misfortune.</summary>
sealed class SwarmCourse : IAsyncDisposable
{
    const int Terminals = 6;
    const int Origin = Terminals + 1;
    const int Megabits = 64;
    const int Length = (8 << 20) + 12_345;
    const int Port = 7400;

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    readonly string _child;
    readonly SwarmMisfortune _misfortune;
    readonly Random _random;
    readonly string _folder = Directory.CreateTempSubdirectory("sharing-swarm-").FullName;
    readonly NetworkHosts _hosts = new(string.Create(CultureInfo.InvariantCulture, $"sw{Environment.ProcessId % 100_000}x"), Terminals + 2, Megabits);
    readonly JsonObject _facts = [];
    readonly List<SwarmMemberProcess> _terminals = [];
    Process _server = null!;

    public SwarmCourse(string child, SwarmMisfortune misfortune, Random random) => (_child, _misfortune, _random) = (child, misfortune, random);

    static string ServerAddress => $"http://{NetworkHosts.AddressOf(0)}:{Port}/";

    public async Task<TrialOutcome> RunAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var token = patience.Token;
        _facts["misfortune"] = _misfortune.ToString();
        var (file, bytes) = (Path.Combine(_folder, "file"), Samples.Random(_random.Next(), Length));
        await File.WriteAllBytesAsync(file, bytes, token);
        await _hosts.StartAsync(token);
        _server = Run(0, "swarm-server", Path.Combine(_folder, "server"), $"{NetworkHosts.AddressOf(0)}:{Port}");
        await LineAsync(_server, token);
        var share = await ShareAsync(file, token);
        for (var host = 1; host <= Terminals; host++)
        {
            _terminals.Add(new(Run(host, "swarm-terminal", Path.Combine(_folder, $"{host}"), ServerAddress, $"{NetworkHosts.AddressOf(host)}:{Port}", share), Path.Combine(_folder, $"{host}.out")));
        }

        foreach (var terminal in _terminals)
        {
            await terminal.ReadyAsync(token);
        }

        foreach (var terminal in _terminals)
        {
            await terminal.GoAsync(token);
        }

        var survivors = await MisfortuneAsync(token);
        var ended = await Task.WhenAll(survivors.Select(survivor => survivor.DoneAsync(token)));
        _facts["fromServer"] = ended.Sum(static one => one.FromServer) / (double)Length;
        _facts["fromPeers"] = ended.Sum(static one => one.FromPeers) / (double)Length;
        _facts["survivors"] = survivors.Count;
        var expected = await SumAsync(file, token);
        foreach (var survivor in survivors)
        {
            if (await SumAsync(survivor.File, token) != expected)
            {
                return new("A survivor has other bytes.", _facts);
            }
        }

        return new(null, _facts);
    }

    public async ValueTask DisposeAsync()
    {
        await _hosts.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    Process Run(int host, params string[] work) => _hosts.Run(host, ["dotnet", _child, .. work]);

    async Task<string> ShareAsync(string file, CancellationToken cancellationToken)
    {
        if (_misfortune == SwarmMisfortune.OriginBreaks)
        {
            var first = Run(Origin, "swarm-upload", ServerAddress, file);
            await LineAsync(first, cancellationToken); // begun
            await Task.Delay(_random.Next(200, 900), cancellationToken); // of about a second
            await EndAsync(first);
        }

        var origin = Run(Origin, "swarm-upload", ServerAddress, file);
        await LineAsync(origin, cancellationToken);
        var share = await LineAsync(origin, cancellationToken);
        await EndAsync(origin);
        return share;
    }

    /// <returns>Those who must have the file in the end.</returns>
    async Task<IReadOnlyList<SwarmMemberProcess>> MisfortuneAsync(CancellationToken cancellationToken)
    {
        switch (_misfortune)
        {
            case SwarmMisfortune.ServerGoes:
                // Its index is in it: each knows half of the others by then, so that no two groups know nothing of each other. What it can go without before that is in docs/gaps.md.
                var held = new List<(long From, long End)>();
                for (var (given, fewest) = (0L, 0L); given < Length || fewest < Terminals / 2; given = Covered(held))
                {
                    fewest = Terminals;
                    foreach (var terminal in _terminals)
                    {
                        var (runs, others) = await terminal.HeldAsync(cancellationToken);
                        held.AddRange(runs);
                        fewest = Math.Min(fewest, others);
                    }
                }

                await EndAsync(_server);
                break;
            case SwarmMisfortune.Churn:
                var leaving = _terminals.OrderBy(_ => _random.Next()).Take(Terminals / 2).ToList();
                foreach (var at in leaving.Select(_ => _random.Next(3000)).Order().Select((at, i) => (Due: at, Who: leaving[i])))
                {
                    await Task.Delay(at.Due / leaving.Count, cancellationToken);
                    await EndAsync(at.Who.Process);
                }

                return [.. _terminals.Except(leaving)];
            case SwarmMisfortune.Parted:
                var parted = Enumerable.Range(1, Terminals).OrderBy(_ => _random.Next()).Take(_random.Next(1, Terminals - 1)).ToList();
                await Task.Delay(_random.Next(1000), cancellationToken);
                foreach (var host in parted)
                {
                    await _hosts.PartAsync(host, 0, cancellationToken);
                }

                await Task.Delay(_random.Next(1000, 5000), cancellationToken);
                foreach (var host in parted)
                {
                    await _hosts.HealAsync(host, cancellationToken);
                }

                break;
        }

        return _terminals;
    }

    /// <summary>How many bytes from the beginning are with somebody.</summary>
    static long Covered(List<(long From, long End)> runs)
    {
        var reached = 0L;
        foreach (var (from, end) in runs.Order())
        {
            reached = from <= reached ? Math.Max(reached, end) : reached;
        }

        return reached;
    }

    static async Task EndAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
    }

    static async Task<string> LineAsync(Process process, CancellationToken cancellationToken) =>
        await process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("A process ended.");

    static async Task<string> SumAsync(string file, CancellationToken cancellationToken)
    {
        using var sum = Process.Start(new ProcessStartInfo("b3sum", ["--no-names", file]) { RedirectStandardOutput = true }) ?? throw new InvalidOperationException("b3sum did not start.");
        return await sum.StandardOutput.ReadToEndAsync(cancellationToken) is { Length: 65 } text ? text : throw new InvalidOperationException("b3sum said nothing.");
    }
}
