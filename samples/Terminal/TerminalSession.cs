using System.Net.Sockets;
using Sharing.Core;
using Sharing.Offline;
using Sharing.P2P;

namespace Sharing.Terminal;

/// <summary>The download list, whoever has it: this process, which then holds the data folder, or another one of the same user, over its socket.</summary>
sealed class TerminalSession : IAsyncDisposable
{
    static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    readonly IHost? _host;
    readonly HttpClient? _client;

    TerminalSession(IHost host) =>
        (_host, Downloads, Folders, Shares, Fetches) = (host, host.Services.GetRequiredService<IDownloads>(), host.Services.GetRequiredService<ISharedFolders>(),
            host.Services.GetRequiredService<IShareDownloads>(), host.Services.GetRequiredService<IShareFetches>());

    TerminalSession(HttpClient client, ServerConnection terminal) =>
        (_client, Downloads, Folders, Shares, Fetches) = (client, new HttpDownloads(terminal), new HttpSharedFolders(terminal), new HttpShareDownloads(terminal), new HttpFetches(terminal));

    public IDownloads Downloads { get; }

    public ISharedFolders Folders { get; }

    public IShareDownloads Shares { get; }

    public IShareFetches Fetches { get; }

    /// <summary>Why hosts do not deliver to this process; <c>null</c> where another one fetches.</summary>
    public FetchReasons? Reasons => _host?.Services.GetRequiredService<FetchReasons>();

    /// <summary>Whether this process runs the downloads.</summary>
    public bool IsOwner => _host is not null;

    /// <summary>Opens the list.</summary>
    /// <param name="settings">Whose.</param>
    /// <param name="run">Whether to run the downloads, if no other process does so; otherwise the list is only looked at and changed.</param>
    /// <param name="verbose">Whether to log.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<TerminalSession> OpenAsync(TerminalSettings settings, bool run, bool verbose, CancellationToken cancellationToken)
    {
        var giveUp = TimeProvider.System.GetTimestamp();
        while (true)
        {
            SharingException held;
            try
            {
                return await OwnAsync(settings, run, verbose, cancellationToken);
            }
            catch (SharingException e) when (e.Code == ProblemCodes.Conflict)
            {
                held = e;
            }

            if (await JoinAsync(settings, cancellationToken) is { } joined)
            {
                return joined;
            }

            // Held, but nobody listens: the other is a short command, or is just coming or going.
            if (TimeProvider.System.GetElapsedTime(giveUp) > LongestWait)
            {
                throw held;
            }

            await Task.Delay(LookAgain, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_host is not null)
        {
            await _host.StopAsync();
            await ((IAsyncDisposable)_host).DisposeAsync();
        }
    }

    static async Task<TerminalSession> OwnAsync(TerminalSettings settings, bool run, bool verbose, CancellationToken cancellationToken)
    {
        var host = TerminalHost.Build(settings, listen: run, verbose);
        try
        {
            if (run)
            {
                await host.StartAsync(cancellationToken);
            }

            return new(host);
        }
        catch
        {
            await ((IAsyncDisposable)host).DisposeAsync();
            throw;
        }
    }

    static async Task<TerminalSession?> JoinAsync(TerminalSettings settings, CancellationToken cancellationToken)
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(settings.SocketPath), token);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        var joined = new TerminalSession(client, new ServerConnection(client, new Uri("http://terminal/"), (_, _) => ValueTask.FromResult<string?>(null)));
        try
        {
            await joined.Downloads.ListAsync(settings.Person, cancellationToken).FirstOrDefaultAsync(cancellationToken);
            return joined;
        }
        catch (HttpRequestException)
        {
            client.Dispose();
            return null;
        }
    }
}
