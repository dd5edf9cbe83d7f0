using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Sharing.Trials.Restart;

/// <summary>The server sample as a process that is killed and started again, at the same address and with the same folder.</summary>
sealed class ServerChild : IAsyncDisposable
{
    readonly string[] _arguments;
    readonly string _report = Path.Combine(Path.GetTempPath(), $"sharing-stacks-{Guid.NewGuid():N}");
    readonly StringBuilder _said = new();
    Process? _process;

    public ServerChild(string assembly, string folder, IEnumerable<string> settings)
    {
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}/"));
        _arguments =
        [
            assembly, $"--urls={Address}", $"--Sharing:Data={folder}", $"--Sharing:PublicAddress={Address}", "--Logging:LogLevel:Default=Warning", .. settings,
        ];
    }

    public Uri Address { get; }

    /// <summary>How many threads its pool has at most; 0 if that is the runtime's to say.</summary>
    public int Workers { get; init; }

    /// <summary>Of the process that runs now.</summary>
    public int Id => _process!.Id;

    /// <summary>Starts it unless it runs, and waits until it answers.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_process is null or { HasExited: true })
        {
            _process?.Dispose();
            var start = new ProcessStartInfo("dotnet", _arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["DOTNET_DbgEnableMiniDump"] = "1", ["DOTNET_EnableCrashReportOnly"] = "1", ["DOTNET_DbgMiniDumpName"] = _report },
            };
            if (Workers > 0)
            {
                start.Environment["DOTNET_ThreadPool_ForceMaxWorkerThreads"] = Workers.ToString("x", CultureInfo.InvariantCulture);
            }

            _process = Process.Start(start)!;
            _process.OutputDataReceived += Hear;
            _process.ErrorDataReceived += Hear;
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }

        while (!await AnswersAsync(cancellationToken))
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"The server ended with {_process.ExitCode}: {_said}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Kills it without a warning.</summary>
    /// <returns>1, or 0 if it did not run.</returns>
    public async Task<int> KillAsync()
    {
        if (_process is not { HasExited: false } running)
        {
            return 0;
        }

        running.Kill();
        await running.WaitForExitAsync();
        return 1;
    }

    /// <summary>Asks it to end, and waits until it has: what it is doing it finishes.</summary>
    /// <returns>1, or 0 if it did not run.</returns>
    public async Task<int> StopAsync()
    {
        if (_process is not { HasExited: false } running)
        {
            return 0;
        }

        await SignalAsync("-TERM");
        await running.WaitForExitAsync();
        return 1;
    }

    /// <summary>The next start is of this assembly.</summary>
    public void Become(string assembly) => _arguments[0] = assembly;

    /// <summary>Ends it, and tells what each of its threads was doing and what it said: for when it does not answer.</summary>
    public async Task<string> StacksAsync()
    {
        await SignalAsync("-ABRT");
        await _process!.WaitForExitAsync();
        var report = new FileInfo(_report + ".crashreport.json");
        if (!report.Exists)
        {
            return $"no report was made; it said: {_said}";
        }

        var threads = JsonNode.Parse(await File.ReadAllTextAsync(report.FullName))!["payload"]!["threads"]!.AsArray();
        report.Delete();
        return string.Join("\n\n", threads.Select(static thread => string.Join("\n", thread!["stack_frames"]!.AsArray().Select(static frame => $"  {frame!["method_name"] ?? frame["unmanaged_name"] ?? frame["native_module"]}")))) + $"\nit said: {_said}";
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
    }

    async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    void Hear(object sender, DataReceivedEventArgs line)
    {
        lock (_said)
        {
            _said.AppendLine(line.Data);
        }
    }

    static int FreePort()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    /// <summary>Whether somebody listens there.</summary>
    async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, Address.Port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
