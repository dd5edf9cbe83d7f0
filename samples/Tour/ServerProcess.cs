using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Sharing.Server;

namespace Sharing.Tour;

/// <summary>A server sample as a process of its own.</summary>
public sealed class ServerProcess : IServer
{
    readonly string _folder;
    readonly List<string> _arguments;
    Process? _process;

    /// <summary>Prepares a server; its folder and address stay the same when it is started again.</summary>
    /// <param name="folder">Where it keeps what it keeps on this machine.</param>
    /// <param name="arguments">Its settings.</param>
    /// <param name="publicAddress">Where people reach it, if that is not where it listens.</param>
    public ServerProcess(string folder, IEnumerable<string> arguments, Uri? publicAddress = null)
    {
        Address = new Uri($"http://127.0.0.1:{FreePort()}/");
        _folder = folder;
        _arguments = [typeof(ServerHost).Assembly.Location, $"--Urls={Address}", $"--Sharing:Data={folder}", $"--Sharing:PublicAddress={publicAddress ?? Address}", "--Logging:LogLevel:Default=Warning", .. arguments];
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Uri> Indexes
    {
        get;
        init
        {
            field = value;
            _arguments.AddRange(value.Select(static (index, i) => $"--Sharing:IndexServers:{i}={index}"));
        }
    } = [];

    /// <summary>The number of its process.</summary>
    public int Id => _process!.Id;

    /// <summary>Whether it runs.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <inheritdoc/>
    public Task<long> KeptAsync() => Task.FromResult(new DirectoryInfo(Path.Combine(_folder, "content")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(static file => file.Exists ? file.Length : 0));

    /// <inheritdoc/>
    public async Task StartAsync(params string[] more)
    {
        _arguments.AddRange(more);
        _process = Process.Start(new ProcessStartInfo("dotnet", _arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
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
                using var answer = await http.GetAsync(new Uri(Address, "health/ready"));
                answer.EnsureSuccessStatusCode();
                return;
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

    /// <inheritdoc/>
    public async Task KillAsync()
    {
        if (IsRunning)
        {
            _process!.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
    }

    /// <summary>Asks it to end, and waits until it has: what it is doing for people it finishes.</summary>
    public async Task StopAsync()
    {
        using (var kill = Process.Start("kill", [$"{Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        await _process!.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await KillAsync();

    /// <summary>A port that nobody listens at.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
