using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing.Tests.Child.Swarm;

/// <summary>A shared-data server with its index, to which whoever comes is Anna; and somebody who uploads to it.</summary>
static class SwarmServing
{
    /// <summary>Says that it is there, and serves until it is ended.</summary>
    public static async Task<int> RunAsync(string folder, string at)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPEndPoint.Parse(at)));
        builder.Services.AddSharing(sharing => sharing.UseFolder(folder).WithCaller(static _ => PersonId.Parse("anna")).AddSharedData());
        await using var app = builder.Build();
        app.MapSharing(roles: SharingRoles.Data | SharingRoles.Index);
        await app.StartAsync();
        Console.WriteLine("ready");
        await app.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>Says that it begins, and, when all of it is there, the share; then does nothing, until it is ended.</summary>
    public static async Task<int> UploadAsync(Uri server, string file)
    {
        await using var services = new ServiceCollection().AddLogging().AddSharing(sharing => sharing.WithFetching(fetching => fetching.Services.Add(server.Authority))).BuildServiceProvider();
        var http = services.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Services);
        var client = new UploadClient(http, TimeProvider.System, static _ => ValueTask.FromResult<string?>(null));
        var metadata = UploadMetadata.Of([new("filename", "file.bin"), new("audience", "everyone")]);
        await using var bytes = File.OpenRead(file);
        Console.WriteLine("begins");
        var receipt = await client.UploadAsync(new Uri(server, $"v1/uploads/{IShares.Purpose}"), UploadSource.Of(bytes), new() { Metadata = metadata });
        Console.WriteLine(receipt.Result);
        Console.ReadLine();
        return 0;
    }
}
