using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing.Trials.Hostile;

/// <summary>A shared-data server with one share, at a socket in a folder, that says what went wrong within.</summary>
sealed class HostileServer : IAsyncDisposable
{
    static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(250);

    readonly WebApplication _app;
    readonly string _folder;
    readonly ErrorLog _errors;
    int _active;

    HostileServer(WebApplication app, string folder, ErrorLog errors) => (_app, _folder, _errors) = (app, folder, errors);

    public IServiceProvider Services => _app.Services;

    /// <summary>What was logged as an error since somebody asked last.</summary>
    public IReadOnlyList<string> TakeErrors()
    {
        var errors = new List<string>();
        while (_errors.All.TryDequeue(out var error))
        {
            errors.Add(error);
        }

        return errors;
    }

    /// <summary>Requests that are being answered.</summary>
    public int Active => Volatile.Read(ref _active);

    public static async Task<HostileServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("sharing-hostile-").FullName;
        var errors = new ErrorLog();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(errors);
        builder.WebHost.UseSharingLimits().ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(Path.Combine(folder, "http")));
        builder.Services.AddSharing(static sharing => sharing.AddSharedData());
        var server = new HostileServer(builder.Build(), folder, errors);
        server._app.Use(async (context, next) =>
        {
            Interlocked.Increment(ref server._active);
            try
            {
                await next(context);
            }
            finally
            {
                Interlocked.Decrement(ref server._active);
            }
        });
        server._app.MapSharing(roles: SharingRoles.Data | SharingRoles.Index);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Shares some bytes with everyone.</summary>
    public async Task<ShareId> ShareAsync(byte[] bytes)
    {
        var (anna, uploads) = (PersonId.Parse("anna"), Services.GetRequiredService<Uploads>());
        var upload = (await uploads.CreateAsync(anna, IShares.Purpose, new(bytes.Length, UploadMetadata.Of([new("filename", "a.bin"), new("audience", "everyone")]))))!;
        upload = (await uploads.AppendAsync(anna, IShares.Purpose, upload.Id, new(0, new MemoryStream(bytes))))!;
        return ShareId.Parse(upload.Result!);
    }

    /// <summary>Sends bytes on a connection of their own, and takes what comes until it ends, or nothing more comes.</summary>
    public async Task<byte[]> AskAsync(byte[] request, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(_folder, "http")), cancellationToken);
        var heard = new MemoryStream();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var sending = socket.SendAsync(request, patience.Token).AsTask();
            var buffer = new byte[64 * 1024];
            while (true)
            {
                patience.CancelAfter(Quiet);
                var read = await socket.ReceiveAsync(buffer, patience.Token);
                if (read == 0)
                {
                    break;
                }

                heard.Write(buffer, 0, read);
            }

            await sending;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // It hung up, or waits for more of the request; it is left standing there.
        }

        return heard.ToArray();
    }

    public static byte[] Request(string line, string headers = "", string body = "") => Encoding.UTF8.GetBytes(
        $"{line} HTTP/1.1\r\nHost: a\r\n{headers}{(body.Length > 0 ? string.Create(CultureInfo.InvariantCulture, $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n") : "")}\r\n{body}");

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    sealed class ErrorLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> All { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                All.Enqueue($"{formatter(state, exception)} {exception}");
            }
        }
    }
}
