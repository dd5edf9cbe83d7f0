using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.P2P;
using Sharing.Tests.Hosting;

namespace Sharing.Tests.P2P;

/// <summary>A terminal that serves without TLS, at a loopback address of its own; or a liar at one, who sends wrong bytes.</summary>
sealed class PlainTerminal : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly SharingHost _server;
    readonly IPEndPoint _place;

    PlainTerminal(WebApplication app, SharingHost server, IPEndPoint place, Served served) => (_app, _server, _place, Served) = (app, server, place, served);

    public Served Served { get; }

    /// <summary>Starts one that has fetched a share, and announces it.</summary>
    public static async Task<PlainTerminal> StartAsync(SharingHost server, ShareId share, string address)
    {
        var terminal = await HostAsync(server, address, static app => app.MapSharing(roles: SharingRoles.Peer));
        var services = terminal._app.Services;
        var device = await services.GetRequiredService<DeviceIdentity>().NameAsync();
        var manifest = (await new HttpShares(terminal.Connection).OpenAsync(SwarmBench.Anna, share, device))!;
        await using (var fetch = await services.GetRequiredService<SwarmNode>().FetchAsync(manifest, server.Address, new HttpChunkIndex(terminal.Connection)))
        {
            await services.GetRequiredService<SwarmNode>().KeepAsync(manifest, await fetch.Transfer.Completion.WaitAsync(SwarmBench.Patience));
        }

        await terminal.AnnounceAsync(manifest, device);
        return terminal;
    }

    /// <summary>Starts one whose bytes are all wrong, and announces it.</summary>
    public static async Task<PlainTerminal> LyingAsync(SharingHost server, ShareId share, string address, byte[] bytes)
    {
        var wrong = Array.ConvertAll(bytes, static b => (byte)~b);
        var terminal = await HostAsync(
            server, address,
            app =>
            {
                app.MapGet("/p/{ticket}/content", static (HttpContext context) => Results.Bytes(context.RequestServices.GetRequiredService<byte[]>(), enableRangeProcessing: true));
                app.MapGet("/p/{ticket}/proof/{nonce}", async (string ticket, string nonce) =>
                    Results.Json(await app.Services.GetRequiredService<DeviceIdentity>().AnswerAsync(nonce, ticket), P2PJson.Default.AddressAnswer)); // where it is, is true
            },
            services => services.AddSingleton(wrong));
        var device = await terminal._app.Services.GetRequiredService<DeviceIdentity>().NameAsync();
        await terminal.AnnounceAsync((await new HttpShares(server.Connect()).OpenAsync(SwarmBench.Anna, share, device))!, device);
        return terminal;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(1));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    ServerConnection Connection => new(_app.Services.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Services), _server.Address,
        static (person, _) => ValueTask.FromResult(person is { } one ? SharingHost.TokenOf(one) : null));

    /// <summary>Says to the index that it has all, until the index has found it where it says that it is.</summary>
    async Task AnnounceAsync(ShareManifest manifest, string device)
    {
        using var patience = new CancellationTokenSource(SwarmBench.Patience);
        var self = new SwarmMember { Device = device, Addresses = [$"{_place}"], IsPlain = true, IsWhole = true, Session = long.MaxValue };
        while ((await new HttpChunkIndex(Connection).AnnounceAsync(manifest.Content, self, manifest.Ticket, patience.Token)).IsReached != true)
        {
            await Task.Delay(50, patience.Token); // between two questions
        }
    }

    static async Task<PlainTerminal> HostAsync(SharingHost server, string address, Action<WebApplication> map, Action<IServiceCollection>? services = null)
    {
        var served = new Served();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IStartupFilter>(served);
        services?.Invoke(builder.Services);
        builder.Services.AddSharing(static sharing => sharing.WithFetching(static fetching =>
        {
            fetching.PeersOnThisMachine = true;
            fetching.Services.Add("127.0.0.1");
        }).AddP2P(static options => options.ServesPlain = true));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenForTerminals(new(IPAddress.Parse(address), 0)));
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return new(app, server, IPEndPoint.Parse(new Uri(app.Urls.First()).Authority), served);
    }
}
