using System.Globalization;
using System.Net;
using Sharing.Core;

namespace Sharing.Benchmarks;

/// <summary>Downloading a file from a web server on loopback into a store that hashes it, proves it and flushes it to the disk, against <c>curl</c>,
/// which only writes it.</summary>
sealed class DownloadComparison : IAsyncDisposable
{
    const int Length = 256 * 1024 * 1024;

    readonly WebApplication _origin;
    readonly ServiceProvider _services;
    readonly string _folder;
    int _run;

    DownloadComparison(WebApplication origin, ServiceProvider services, string folder) => (_origin, _services, _folder) = (origin, services, folder);

    Uri Address => new(_origin.Urls.First() + "/file");

    public Comparison Comparison => new(
        "download", "curl", Length, DownloadAsync,
        () => Rival.RunAsync("curl", "-sf", "-o", Path.Combine(_folder, "curl.bin"), Address.ToString()));

    public static async Task<DownloadComparison> InAsync(string folder)
    {
        var path = Path.Combine(folder, "download.bin");
        RandomFile.Write(path, Length);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var origin = builder.Build();
        origin.MapGet("/file", () => Results.File(path, enableRangeProcessing: true, entityTag: new("\"1\"")));
        await origin.StartAsync();
        SQLitePCL.Batteries_V2.Init();
        var services = new ServiceCollection().AddLogging().AddSharing(sharing => sharing
            .UseFolder(Path.Combine(folder, "store")).WithFetching(fetching => fetching.Configured.Add("127.0.0.1"))).BuildServiceProvider();
        return new(origin, services, folder);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _origin.DisposeAsync();
    }

    async Task DownloadAsync()
    {
        var http = _services.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Name);
        var store = _services.GetRequiredService<IContentStore>();
        await using var transfer = await _services.GetRequiredService<TransferEngine>().StartAsync(new()
        {
            Key = (++_run).ToString(CultureInfo.InvariantCulture),
            Sources = [new HttpOriginSource(http, Address)],
        });
        await store.DeleteAsync((await transfer.Completion).Content.Id);
    }
}
