using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Sharing.Server;

namespace Sharing.Tour;

/// <summary>A server sample as a process of its own.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    readonly string[] _arguments;
    Process? _process;

    /// <summary>Prepares a server; its folder and address stay the same when it is started again.</summary>
    public ServerProcess(string folder, IEnumerable<string> arguments)
    {
        Address = new Uri($"http://127.0.0.1:{FreePort()}/");
        Folder = folder;
        _arguments = [$"--Urls={Address}", $"--Sharing:Data={folder}", $"--Sharing:PublicAddress={Address}", "--Logging:LogLevel:Default=Warning", .. arguments];
    }

    /// <summary>Where it is.</summary>
    public Uri Address { get; }

    /// <summary>Where it keeps everything.</summary>
    public string Folder { get; }

    /// <summary>Starts it, and returns when it answers.</summary>
    public async Task StartAsync(params string[] more)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(ServerHost).Assembly.Location);
        foreach (var argument in _arguments.Concat(more))
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        var output = new System.Text.StringBuilder();
        _process.OutputDataReceived += (_, line) => output.AppendLine(line.Data);
        _process.ErrorDataReceived += (_, line) => output.AppendLine(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var http = new HttpClient();
        for (var tries = 0; ; tries++)
        {
            try
            {
                if ((await http.GetAsync(new Uri(Address, "health/ready"))).IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (tries < 600 && !_process.HasExited)
            {
                await Task.Delay(50);
            }
            catch (HttpRequestException e)
            {
                throw new InvalidOperationException($"The server did not start:\n{output}", e);
            }
        }
    }

    /// <summary>Kills it without a warning, as a power cut would.</summary>
    public async Task KillAsync()
    {
        if (_process is { HasExited: false } running)
        {
            running.Kill(entireProcessTree: true);
            await running.WaitForExitAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await KillAsync();

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
