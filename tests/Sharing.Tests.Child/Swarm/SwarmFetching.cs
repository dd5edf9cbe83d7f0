using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing.Tests.Child.Swarm;

/// <summary>A terminal: joins the others and says so; fetches when it is told where to put it ("go FILE"), and says when it has it; says how many others it knows and what it has ("held"); gives on until its input ends.</summary>
static class SwarmFetching
{
    public static async Task<int> RunAsync(string folder, Uri server, string at, string share)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.ListenForTerminals(IPEndPoint.Parse(at)));
        builder.Services.AddSharing(sharing => sharing.UseFolder(folder)
            .WithFetching(fetching => fetching.Services.Add(server.Authority))
            .AddP2P(options => options.Addresses.Add(at)));
        await using var app = builder.Build();
        app.MapSharing(roles: SharingRoles.Peer);
        await app.StartAsync();
        var services = app.Services;
        var connection = new ServerConnection(
            services.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Services), server, static (_, _) => ValueTask.FromResult<string?>(null));
        var manifest = await new HttpShares(connection).OpenAsync(null, ShareId.Parse(share), await services.GetRequiredService<DeviceIdentity>().NameAsync())
            ?? throw new InvalidOperationException("The share does not open.");
        var held = new ConcurrentQueue<string>();
        var (fetching, transfers) = (Task.CompletedTask, services.GetRequiredService<IShareFetches>());
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line == "held")
            {
                // One that has it all asks nobody any more.
                var others = await transfers.FindAsync(manifest.Content) is { } now ? now.Sources.Count(static source => source.Kind == SourceKind.Peer) : fetching.IsCompleted ? int.MaxValue : 0;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"held {others} {string.Join(',', held)}"));
            }
            else if (line.StartsWith("go ", StringComparison.Ordinal))
            {
                fetching = FetchAsync(services, connection, manifest, line[3..], held);
            }
        }

        await fetching;
        return 0;
    }

    static async Task FetchAsync(IServiceProvider services, ServerConnection connection, ShareManifest manifest, string file, ConcurrentQueue<string> held)
    {
        var node = services.GetRequiredService<SwarmNode>();
        await using var fetch = await node.FetchAsync(manifest, connection.Server, new HttpChunkIndex(connection));
        var last = new TransferProgress();
        var watching = Task.Run(async () =>
        {
            await foreach (var progress in fetch.Transfer.Progress)
            {
                last = progress;
            }
        });
        var telling = TellHeldAsync(services.GetRequiredService<TransferEngine>(), manifest.Content, fetch.Transfer.Completion, held);
        var result = await fetch.Transfer.Completion;
        await watching;
        await node.KeepAsync(manifest, result);
        await telling;
        held.Enqueue(string.Create(CultureInfo.InvariantCulture, $"0+{manifest.Length}"));
        await using (var reader = await services.GetRequiredService<IContentStore>().OpenAsync(result.Content.Id) ?? throw new InvalidOperationException("It is not there."))
        await using (var to = File.Create(file))
        {
            await new ContentStream(reader, ContentArea.Data, 0).CopyToAsync(to);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"done {last.FromServer} {last.FromPeers}"));
    }

    static async Task TellHeldAsync(TransferEngine engine, ContentId content, Task ended, ConcurrentQueue<string> held)
    {
        while (!ended.IsCompleted)
        {
            if (await engine.OpenHeldAsync(content) is { } open)
            {
                await using (open)
                {
                    await foreach (var run in open.WatchHeldAsync() ?? AsyncEnumerable.Empty<ByteRun>())
                    {
                        held.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{run.Offset}+{run.Length}"));
                    }
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }
}
