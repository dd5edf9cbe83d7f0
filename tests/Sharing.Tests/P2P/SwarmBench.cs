using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.P2P;
using Sharing.Tests.Hosting;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.P2P;

/// <summary>A shared-data server and terminals, each a host of its own on loopback, that speak to each other over TLS.</summary>
sealed class SwarmBench : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static readonly PersonId Anna = PersonId.Parse("anna");

    readonly List<TerminalNode> _terminals = [];

    SwarmBench(SharingHost server) => Server = server;

    public SharingHost Server { get; }

    public static async Task<SwarmBench> StartAsync(Action<SharingBuilder>? configure = null, Action<IServiceCollection>? services = null)
    {
        var asked = new AskedForContent();
        return new(await SharingHost.StartAsync(
            sharing =>
            {
                sharing.AddSharedData().WithFetching(static fetching => fetching.PeersOnThisMachine = true);
                configure?.Invoke(sharing);
            },
            added =>
            {
                added.AddSingleton(asked).AddSingleton<IStartupFilter>(asked);
                services?.Invoke(added);
            },
            roles: SharingRoles.Data | SharingRoles.Index));
    }

    /// <summary>A share for whoever has its link, uploaded by Anna.</summary>
    public async Task<ShareId> ShareAsync(byte[] bytes, string audience = "everyone")
    {
        var client = new UploadClient(Server.Http, TimeProvider.System, _ => ValueTask.FromResult<string?>(SharingHost.TokenOf(Anna)));
        var metadata = UploadMetadata.Of([new("filename", "film.mkv"), new("audience", audience)]);
        var receipt = await client.UploadAsync(new Uri(Server.Address, $"v1/uploads/{IShares.Purpose}"), UploadSource.Of(new MemoryStream(bytes)), new() { Metadata = metadata });
        return ShareId.Parse(receipt.Result!);
    }

    public async Task<TerminalNode> TerminalAsync(Action<P2POptions>? configure = null, Action<IServiceCollection>? services = null)
    {
        var terminal = await TerminalNode.StartAsync(Server, configure, services);
        _terminals.Add(terminal);
        return terminal;
    }

    /// <summary>A terminal that has all of a share.</summary>
    public async Task<TerminalNode> HolderAsync(ShareId share, Action<P2POptions>? configure = null, Action<IServiceCollection>? services = null)
    {
        var terminal = await TerminalAsync(configure, services);
        await terminal.EndAsync(await terminal.FetchAsync(await terminal.OpenAsync(share)));
        return terminal;
    }

    /// <summary>Somebody who lies says that he has all of a share.</summary>
    public async Task AnnounceAsync(ShareId share, LyingPeer liar)
    {
        var ticket = (await new HttpShares(Server.Connect()).OpenAsync(Anna, share, liar.Device))!;
        await Server.Get<IChunkIndex>().AnnounceAsync(ticket.Content, new() { Device = liar.Device, Addresses = [liar.Address], IsWhole = true }, ticket.Ticket);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var terminal in _terminals)
        {
            await terminal.DisposeAsync();
        }

        await Server.DisposeAsync();
    }
}

sealed class TerminalNode : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly SharingHost _server;
    bool _stopped;

    TerminalNode(WebApplication app, SharingHost server, IPEndPoint endPoint) => (_app, _server, EndPoint) = (app, server, endPoint);

    /// <summary>Where others reach it.</summary>
    public IPEndPoint EndPoint { get; }

    public static async Task<TerminalNode> StartAsync(SharingHost server, Action<P2POptions>? configure, Action<IServiceCollection>? services = null)
    {
        var port = FreePort();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        services?.Invoke(builder.Services);
        builder.Services.AddSharing(sharing => sharing.WithFetching(fetching =>
        {
            fetching.PeersOnThisMachine = true;
            fetching.Services.Add("127.0.0.1");
            fetching.Attempts = 1;
            fetching.HeaderTimeout = fetching.IdleTimeout = TimeSpan.FromHours(1); // longer than any test waits: what is silent must be gone round
        }).AddP2P(options =>
        {
            options.Addresses.Add($"127.0.0.1:{port}");
            configure?.Invoke(options);
        }));
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.ListenForTerminals(new(IPAddress.Loopback, port)));
        var app = builder.Build();
        app.MapSharing(roles: SharingRoles.Peer);
        await app.StartAsync();
        return new(app, server, new(IPAddress.Loopback, port));
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public HttpClient Http(string kind) => Get<IHttpClientFactory>().CreateClient(kind);

    public HttpChunkIndex Index => new(Connection);

    public async Task<ShareManifest> OpenAsync(ShareId share) =>
        await new HttpShares(Connection).OpenAsync(null, share, await Get<DeviceIdentity>().NameAsync()) ?? throw new InvalidOperationException("It does not open.");

    public async Task<SwarmFetch> FetchAsync(ShareManifest manifest, bool server = true, Task? ready = null, IProgress<TransferProgress>? progress = null) =>
        await Get<SwarmNode>().FetchAsync(manifest, server ? _server.Address : null, Index, ready, progress);

    /// <summary>Says to the index what is here.</summary>
    public async Task AnnounceAsync(ShareManifest manifest) =>
        await Index.AnnounceAsync(manifest.Content, await Get<SwarmNode>().SelfAsync(manifest, default), manifest.Ticket);

    public async Task<byte[]> EndAsync(SwarmFetch fetch) => (await EndToldAsync(fetch)).Bytes;

    /// <summary>The bytes, and the last progress that was told.</summary>
    public async Task<(byte[] Bytes, TransferProgress Last)> EndToldAsync(SwarmFetch fetch)
    {
        await using var open = fetch;
        var last = new TransferProgress();
        var watching = Task.Run(async () =>
        {
            await foreach (var progress in fetch.Transfer.Progress)
            {
                last = progress;
            }
        });
        var result = await fetch.Transfer.Completion.WaitAsync(SwarmBench.Patience);
        await watching;
        await Get<SwarmNode>().KeepAsync(fetch.Manifest, result);
        return (await Samples.ReadAsync(Get<IContentStore>(), result.Content), last);
    }

    public async Task StopAsync()
    {
        if (!_stopped)
        {
            _stopped = true;
            using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(1));
            await _app.StopAsync(now.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
    }

    ServerConnection Connection => new(Http(GuardedClient.Services), _server.Address, static (_, _) => ValueTask.FromResult<string?>(null));

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
