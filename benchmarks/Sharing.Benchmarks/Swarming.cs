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
    /// <summary>Serves one file as a share for whoever has its id, which is printed.</summary>
    public static async Task ServeAsync(string folder, string file, string at)
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
        var upload = await uploads.CreateAsync(anna, IShares.Purpose, new(new FileInfo(file).Length, metadata)) ?? throw new InvalidOperationException("Nobody takes it.");
        await using (var bytes = File.OpenRead(file))
        {
            upload = await uploads.AppendAsync(anna, IShares.Purpose, upload.Id, new(0, bytes)) ?? throw new InvalidOperationException("It is gone.");
        }

        Console.WriteLine(upload.Result);
        await app.WaitForShutdownAsync();
    }

    /// <summary>Joins the others, says so, waits for a line, fetches, says how long it took and where the bytes came from, and gives on until its input ends.</summary>
    public static async Task FetchAsync(string folder, string server, string share, string at)
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
        var manifest = await new HttpShares(connection).OpenAsync(null, ShareId.Parse(share), await app.Services.GetRequiredService<DeviceIdentity>().NameAsync())
            ?? throw new InvalidOperationException("The share does not open.");
        var go = Task.Run(() =>
        {
            Console.WriteLine("ready");
            return Console.ReadLine();
        });
        var node = app.Services.GetRequiredService<SwarmNode>();
        var last = new TransferProgress();
        await using var fetch = await node.FetchAsync(
            manifest, new Uri(server), new HttpChunkIndex(connection), go);
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
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds:0.000} {last.FromServer} {last.FromPeers}"));
        Console.ReadLine();
    }
}
