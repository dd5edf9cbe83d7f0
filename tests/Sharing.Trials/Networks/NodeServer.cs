using System.Diagnostics;

namespace Sharing.Trials;

/// <summary>A server of a real network, in a process of Node that ends with ours (tests/data/networks).</summary>
sealed class NodeServer : IAsyncDisposable
{
    readonly Process _process;

    NodeServer(Process process, string said) => (_process, Said) = (process, said);

    static string Folder => Path.Combine(Path.GetTempPath(), "sharing-test-networks");

    /// <summary>What it said when it was ready.</summary>
    public string Said { get; }

    public static async Task<NodeServer> StartAsync(string script, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(Folder, script), .. arguments])
        {
            WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        var faults = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3), TimeProvider.System);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("READY ", StringComparison.Ordinal))
            {
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None); // nothing it says may stop it
                return new(process, line["READY ".Length..]);
            }
        }

        throw new InvalidOperationException($"{script} did not start. tests/data/networks/install.sh {Folder} installs what it needs. It said: {await faults}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
