using System.Diagnostics;
using System.IO.Pipes;
using System.Net;
using System.Net.Http;
using System.Net.Mail;
using System.Net.NetworkInformation;
using System.Net.Quic;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;

namespace Sharing.Tests.Laws;

/// <summary>Ways to reach outward past the guarded client that a reader of text would overlook. Never called; each has the name that the law must see.</summary>
[SupportedOSPlatform("linux")]
static partial class Temptations
{
    static readonly Func<string, CancellationToken, Task<IPAddress[]>> Resolve = Dns.GetHostAddressesAsync;

    [LibraryImport("libc", EntryPoint = "socket")]
    private static partial int Socket(int domain, int type, int protocol);

    [DllImport("libc", EntryPoint = "connect")]
    static extern int Connect(int socket, nint address, int length);

    public static async Task TryAllAsync(IServiceCollection services, IHttpClientFactory factory, string name, CancellationToken cancellationToken)
    {
        TcpClient typedByItsTarget = new();
        using ClientWebSocket socket = new();
        await socket.ConnectAsync(new Uri("ws://x/"), cancellationToken);
        using Ping ping = new();
        await ping.SendPingAsync("x", 1);
        await QuicConnection.ConnectAsync(new QuicClientConnectionOptions(), cancellationToken);
        Process.Start("curl", "http://x/");
        new Process { StartInfo = new("curl") }.Start();
        using var pipe = new NamedPipeClientStream("x");
        using var mail = new SmtpClient();
        using var other = factory.CreateClient("another");
        using var unnamed = factory.CreateClient();
        using var given = factory.CreateClient(name);
        services.AddHttpClient("elsewhere");
        services.AddSingleton<HttpClient>();
        using var made = Activator.CreateInstance<Socket>();
        Activator.CreateInstance(typeof(UdpClient));
        Type.GetType("System.Net.Sockets.Socket, System.Net.Sockets");
        using var own = new Derived();
        using HttpMessageInvoker invoker = new(own);
        _ = Socket(2, 1, 0) + Connect(0, 0, 0);
        _ = await Resolve("x", cancellationToken);
        typedByItsTarget.Dispose();
    }

    public static unsafe int ByPointer(nint code) => ((delegate* unmanaged<int>)code)();

    sealed class Derived : HttpClientHandler;
}
