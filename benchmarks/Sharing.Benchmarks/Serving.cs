using System.Net;
using System.Security.Claims;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.Offline;

namespace Sharing.Benchmarks;

/// <summary>A download server on a folder and SQLite, whose one person holds some files in his library.</summary>
static class Serving
{
    public static async Task RunAsync(string folder, string files, int port)
    {
        var anna = PersonId.Parse("anna");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddSharing(sharing => sharing.UseFolder(folder).AddOffline().WithFetching(fetching => fetching.Configured.Add("127.0.0.1")));
        await using var app = builder.Build();
        var user = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, anna.Value)], "benchmark"));
        app.Use((context, next) =>
        {
            context.User = user;
            return next(context);
        });
        app.MapGet("/origin/{name}", (HttpContext _, string name) => Results.File(Path.Combine(files, name), enableRangeProcessing: true));
        app.MapSharing();
        await app.StartAsync();
        foreach (var path in Directory.GetFiles(files))
        {
            Console.WriteLine($"/v1/library/{await KeepAsync(app, anna, new($"http://127.0.0.1:{port}/origin/{Path.GetFileName(path)}"))}/content");
        }

        Console.WriteLine("ready");
        await app.WaitForShutdownAsync();
    }

    static async Task<ResourceId> KeepAsync(WebApplication app, PersonId person, Uri address)
    {
        var library = app.Services.GetRequiredService<OfflineLibrary>();
        var item = await library.KeepAsync(person, new() { Address = address, Name = "file.bin" });
        await foreach (var now in library.WatchAsync(person, item.Id))
        {
            if (now.State == OfflineState.Stored)
            {
                break;
            }
        }

        return item.Id;
    }

    public static async Task FetchAsync(string folder, string[] addresses)
    {
        await using var services = new ServiceCollection().AddLogging().AddSharing(sharing => sharing
            .UseFolder(folder).WithFetching(fetching => fetching.Configured.Add("127.0.0.1"))).BuildServiceProvider();
        var http = services.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Name);
        foreach (var (number, address) in addresses.Index())
        {
            await using var transfer = await services.GetRequiredService<TransferEngine>().StartAsync(new() { Key = $"file-{number}", Sources = [new HttpOriginSource(http, new Uri(address))] });
            Console.WriteLine((await transfer.Completion).Content.Id);
        }
    }
}
