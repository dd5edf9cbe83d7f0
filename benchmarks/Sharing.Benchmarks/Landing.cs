using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Claims;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.Offline;

namespace Sharing.Benchmarks;

/// <summary>A download server in whose library files land when it is told to, and a client of it, each in a process of its own. They tell the time by the system's monotonic clock.</summary>
static class Landing
{
    /// <summary>Shares a post for each address; for each line that is read one of them lands. Says the posts, and, for each, when it is stored.</summary>
    public static async Task ServeAsync(string folder, string root, string at, string origin, string[] addresses)
    {
        var anna = PersonId.Parse("anna");
        var gates = addresses.ToDictionary(static address => new Uri(address).AbsolutePath, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), StringComparer.Ordinal);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPEndPoint.Parse(at));
            kestrel.Listen(IPEndPoint.Parse(origin)); // as seen from here
        });
        builder.Services.AddSharing(sharing => sharing.UseFolder(folder).AddOffline().WithFetching(fetching => fetching.Configured.Add(IPEndPoint.Parse(origin).Address.ToString())));
        await using var app = builder.Build();
        var user = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, anna.Value)], "benchmark"));
        app.Use((context, next) =>
        {
            context.User = user;
            return next(context);
        });
        foreach (var (path, gate) in gates)
        {
            app.MapGet(path, async (HttpContext _) =>
            {
                await gate.Task;
                return Results.File(Path.Combine(root, path[1..]), enableRangeProcessing: true);
            });
        }

        app.MapSharing();
        await app.StartAsync();
        var posts = new List<PostId>();
        foreach (var address in addresses)
        {
            var resource = new Resource { Address = new Uri(address), Name = "file.bin" };
            posts.Add((await app.Services.GetRequiredService<IPosts>().ShareAsync(anna, new() { Resource = resource, Audience = Audience.Everyone })).Id);
            Console.WriteLine(posts[^1]);
        }

        foreach (var (post, address) in posts.Zip(addresses))
        {
            Console.ReadLine();
            gates[new Uri(address).AbsolutePath].SetResult();
            await foreach (var state in app.Services.GetRequiredService<IPostContent>().WatchAsync(anna, post))
            {
                if (state.State == OfflineState.Stored)
                {
                    Console.WriteLine(Clock());
                    break;
                }
            }
        }

        await app.WaitForShutdownAsync();
    }

    /// <summary>For each origin's address and post: says that it is ready, waits for a line, fetches, and says when it began, when the library's first byte was there, and when all was.</summary>
    public static async Task FetchAsync(string folder, string server, string[] items)
    {
        await using var services = new ServiceCollection().AddLogging().AddSharing(sharing => sharing.UseFolder(folder).WithTransfers(options => options.ProgressInterval = TimeSpan.Zero).WithFetching(fetching =>
        {
            fetching.Services.Add(new Uri(server).Authority);
            fetching.Configured.Add(new Uri(items[0].Split(',')[0]).Host);
        })).BuildServiceProvider();
        var clients = services.GetRequiredService<IHttpClientFactory>();
        var connection = new ServerConnection(clients.CreateClient(GuardedClient.Services), new Uri(server), static (_, _) => ValueTask.FromResult<string?>(null));
        foreach (var item in items.Select(static item => item.Split(',')))
        {
            Console.WriteLine("ready");
            Console.ReadLine();
            var (started, first) = (Clock(), new FirstByte());
            await using var transfer = await services.GetRequiredService<TransferEngine>().StartAsync(new()
            {
                Key = item[1], Progress = first,
                Sources = [new HttpOriginSource(clients.CreateClient(GuardedClient.Name), new Uri(item[0])), new LibrarySource(new HttpPostContent(connection), null, PostId.Parse(item[1]))],
            });
            await transfer.Completion;
            Console.WriteLine($"{started} {first.At ?? Clock()} {Clock()}");
        }

        Console.ReadLine();
    }

    static string Clock() => (Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency).ToString("0.0000", CultureInfo.InvariantCulture);

    sealed class FirstByte : IProgress<TransferProgress>
    {
        public string? At { get; private set; }

        public void Report(TransferProgress value) => At ??= value.FromServer > 0 ? Clock() : null;
    }
}
