using System.Diagnostics;
using System.Globalization;
using System.Net;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing.Benchmarks;

/// <summary>A shared-data server, and a terminal, each in a process of its own.</summary>
static class Swarming
{
    /// <summary>Serves files as shares for whoever has their ids, which are printed.</summary>
    public static async Task ServeAsync(string folder, string at, string[] files)
    {
        var anna = PersonId.Parse("anna");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPEndPoint.Parse(at)));
        builder.Services.AddSharing(sharing => sharing.UseFolder(folder).AddSharedData());
        await using var app = builder.Build();
        app.MapSharing(roles: SharingRoles.Data | SharingRoles.Index);
        await app.StartAsync();
        var uploads = app.Services.GetRequiredService<Uploads>();
        var metadata = UploadMetadata.Of([new("filename", "file.bin"), new("audience", "everyone")]);
        foreach (var file in files)
        {
            Console.WriteLine(await ShareAsync(uploads, anna, metadata, file));
        }

        await app.WaitForShutdownAsync();
    }

    static async Task<string?> ShareAsync(Uploads uploads, PersonId anna, UploadMetadata metadata, string file)
    {
        var upload = await uploads.CreateAsync(anna, IShares.Purpose, new(new FileInfo(file).Length, metadata)) ?? throw new InvalidOperationException("Nobody takes it.");
        await using (var bytes = File.OpenRead(file))
        {
            upload = await uploads.AppendAsync(anna, IShares.Purpose, upload.Id, new(0, bytes)) ?? throw new InvalidOperationException("It is gone.");
        }

        return upload.Result;
    }

    /// <summary>For each share: joins the others, says so, waits for a line, fetches, and says how long it took and where the bytes came from. Gives on until its input ends.</summary>
    public static async Task FetchAsync(string folder, string server, string at, string[] shares)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.ListenForTerminals(IPEndPoint.Parse(at)));
        builder.Services.AddSharing(sharing => sharing.UseFolder(folder)
            .WithFetching(fetching => fetching.Services.Add(new Uri(server).Authority))
            .AddP2P(options => options.Addresses.Add(at)));
        await using var app = builder.Build();
        app.MapSharing(roles: SharingRoles.Peer);
        await app.StartAsync();
        var http = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Services);
        var connection = new ServerConnection(http, new Uri(server), static (_, _) => ValueTask.FromResult<string?>(null));
        foreach (var share in shares)
        {
            Console.WriteLine(await FetchAsync(app.Services, connection, share));
        }

        Console.ReadLine();
    }

    static async Task<string> FetchAsync(IServiceProvider services, ServerConnection connection, string share)
    {
        var manifest = await new HttpShares(connection).OpenAsync(null, ShareId.Parse(share), await services.GetRequiredService<DeviceIdentity>().NameAsync())
            ?? throw new InvalidOperationException("The share does not open.");
        var go = Task.Run(() =>
        {
            Console.WriteLine("ready");
            return Console.ReadLine();
        });
        var node = services.GetRequiredService<SwarmNode>();
        var last = new TransferProgress();
        await using var fetch = await node.FetchAsync(manifest, connection.Server, new HttpChunkIndex(connection), go);
        var started = Stopwatch.GetTimestamp();
        var watching = Task.Run(async () =>
        {
            await foreach (var progress in fetch.Transfer.Progress)
            {
                last = progress;
            }
        });
        var result = await fetch.Transfer.Completion;
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await watching;
        await node.KeepAsync(manifest, result);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds:0.000} {last.FromServer} {last.FromPeers}");
    }

    /// <summary>Fetches a share, then gives it on without TLS, for clients of other makers, until its input ends.</summary>
    public static async Task GivePlainlyAsync(string folder, string server, string at, string share)
    {
        var place = IPEndPoint.Parse(at);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenForTerminals(place));
        builder.Services.AddSharing(sharing => sharing.UseFolder(folder)
            .WithFetching(fetching => fetching.Services.Add(new Uri(server).Authority))
            .AddP2P(options => options.ServesPlain = true));
        await using var app = builder.Build();
        app.MapSharing(roles: SharingRoles.Peer);
        await app.StartAsync();
        using var http = From(place.Address);
        var connection = new ServerConnection(http, new Uri(server), static (_, _) => ValueTask.FromResult<string?>(null));
        var device = await app.Services.GetRequiredService<DeviceIdentity>().NameAsync();
        var manifest = await new HttpShares(connection).OpenAsync(null, ShareId.Parse(share), device) ?? throw new InvalidOperationException("The share does not open.");
        var (node, index) = (app.Services.GetRequiredService<SwarmNode>(), new HttpChunkIndex(connection));
        await using (var fetch = await node.FetchAsync(manifest, connection.Server, index))
        {
            await node.KeepAsync(manifest, await fetch.Transfer.Completion);
        }

        await index.AnnounceAsync(manifest.Content, new() { Device = device, Addresses = [at], IsPlain = true, IsWhole = true }, manifest.Ticket);
        Console.WriteLine("ready");
        Console.ReadLine();
    }

    /// <summary>A client whose connections come from an address: on loopback they would all come from the same.</summary>
    static HttpClient From(IPAddress address) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new System.Net.Sockets.Socket(address.AddressFamily, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, 0));
            await socket.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken);
            return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        },
    });
}
