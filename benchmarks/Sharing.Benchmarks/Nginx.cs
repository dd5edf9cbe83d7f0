using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sharing.Benchmarks;

/// <summary>nginx on loopback, or on a host of its own, serving a folder with sendfile.</summary>
/// <remarks>Without tcp_nopush (off is nginx's default): with it the last piece of a range waited for an acknowledgement, and it served less than a tenth as many.</remarks>
sealed class Nginx : IAsyncDisposable
{
    readonly Process _process;

    Nginx(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public int ProcessId => _process.Id;

    /// <summary>Serves a folder on loopback, from 127.0.0.1 on at as many addresses as one likes.</summary>
    public static Task<Nginx> StartAsync(string folder, string root, int addresses = 1) => StartAsync(folder, root, [.. Enumerable.Range(1, addresses).Select(static number => $"127.0.0.{number}")], FreePort(), static (program, arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false }) ?? throw new InvalidOperationException("nginx did not start."));

    /// <summary>Serves a folder from a host.</summary>
    public static Task<Nginx> StartAsync(string folder, string root, Hosts hosts, int host, int port) =>
        StartAsync(folder, root, [hosts.AddressOf(host)], port, (program, arguments) => hosts.Start(host, program, arguments));

    static async Task<Nginx> StartAsync(string folder, string root, string[] addresses, int port, Func<string, string[], Process> start)
    {
        var configuration = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(configuration, $$"""
            user root; daemon off; worker_processes auto; pid {{folder}}/nginx.pid; error_log {{folder}}/nginx.log;
            events { worker_connections 1024; }
            http {
              access_log off; sendfile on; keepalive_requests 1000000; default_type application/octet-stream;
              client_body_temp_path {{folder}}/nginx-body; proxy_temp_path {{folder}}/nginx-proxy; fastcgi_temp_path {{folder}}/nginx-f; uwsgi_temp_path {{folder}}/nginx-u; scgi_temp_path {{folder}}/nginx-s;
              server { {{string.Concat(addresses.Select(address => $"listen {address}:{port}; "))}}root {{root}}; }
            }
            """);
        var process = start("nginx", ["-c", configuration]);
        while (!File.Exists(Path.Combine(folder, "nginx.pid"))) // written when it listens
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        return new(process, port);
    }

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public static async Task UntilListeningAsync(int port)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (attempt < 300)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }
    }

    /// <summary>The processor time of a process and its children that run, in seconds.</summary>
    public static double CpuOf(int process) => Directory.GetDirectories("/proc")
        .Where(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out _))
        .Select(path =>
        {
            try
            {
                return File.ReadAllText(Path.Combine(path, "stat"));
            }
            catch (IOException)
            {
                return ""; // it has ended
            }
        })
        .Where(stat => stat.Length > 0)
        .Select(stat => (Id: int.Parse(stat[..stat.IndexOf(' ', StringComparison.Ordinal)], CultureInfo.InvariantCulture), Fields: stat[(stat.LastIndexOf(')') + 2)..].Split(' ')))
        .Where(stat => stat.Id == process || stat.Fields[1] == process.ToString(CultureInfo.InvariantCulture))
        .Sum(stat => (double.Parse(stat.Fields[11], CultureInfo.InvariantCulture) + double.Parse(stat.Fields[12], CultureInfo.InvariantCulture)) / 100);

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
