using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Sharing.Trials.Tus;

/// <summary>The server as a process that is killed and started again on the same folder.</summary>
/// <param name="assembly">The program.</param>
/// <param name="folder">Its data.</param>
/// <param name="serves">What it serves: "uploads" or "messages".</param>
/// <param name="samePort">Whether it comes back where it was.</param>
sealed class UploadChild(string assembly, string folder, string serves = "uploads", bool samePort = false) : IAsyncDisposable
{
    readonly StringBuilder _said = new();
    Process? _process;

    /// <summary>Where it listens now.</summary>
    public int Port { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _process?.Dispose();
        _process = Process.Start(new ProcessStartInfo("dotnet", [assembly, serves, folder, samePort ? Port.ToString(CultureInfo.InvariantCulture) : "0"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_said)
            {
                _said.AppendLine(line.Data);
            }
        };
        _process.BeginErrorReadLine();
        var address = await _process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException($"The server did not start: {_said}");
        Port = new Uri(address).Port;
    }

    /// <summary>Kills it without a warning.</summary>
    public async Task KillAsync()
    {
        if (_process is { HasExited: false } running)
        {
            running.Kill();
            await running.WaitForExitAsync(CancellationToken.None);
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"port {Port}: {_said}");

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
    }
}
