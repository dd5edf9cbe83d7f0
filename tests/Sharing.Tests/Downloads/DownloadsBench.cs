using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sharing.Offline;
using Sharing.Tests.Content;

namespace Sharing.Tests.Downloads;

/// <summary>Download list, download server and social network in one host over a folder, so that it can be started again.</summary>
sealed class DownloadsBench(Action<IServiceCollection>? services = null) : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly TemporaryFolder _folder = new();
    IHost? _host;

    public static PersonId Anna { get; } = PersonId.Parse("anna");

    public static PersonId Bert { get; } = PersonId.Parse("bert");

    public string Saved => _folder.Join("saved");

    public IDownloads Downloads => Get<IDownloads>();

    public T Get<T>() where T : notnull => _host!.Services.GetRequiredService<T>();

    public IPosts Posts => Get<IPosts>();

    public async Task StartAsync(bool run = true)
    {
        await StopAsync();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        services?.Invoke(builder.Services);
        builder.Services.AddSharing(sharing => sharing
            .UseFolder(_folder.Join("data"))
            .WithFetching(fetching => fetching.Configured.Add("127.0.0.1"))
            .WithTransfers(transfers => (transfers.FirstRest, transfers.MaxFailures) = (TimeSpan.FromMilliseconds(1), 2))
            .AddOffline(offline => (offline.SaveFolder, offline.PublicAddress) = (Saved, new Uri("http://share.test/"))));
        _host = builder.Build();
        if (run)
        {
            await _host.StartAsync();
        }
    }

    public async Task StopAsync()
    {
        if (_host is { } host)
        {
            _host = null;
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    public Task<DownloadItem> AddAsync(Uri address, string? name = null) =>
        Downloads.AddAsync(Anna, new DownloadRequest { Address = address, Name = name });

    public async Task<DownloadItem?> FindAsync(DownloadId id) => await Downloads.ListAsync(Anna).FirstOrDefaultAsync(item => item.Id == id);

    /// <summary>The item once it is as wanted.</summary>
    public Task<DownloadItem> WhenAsync(DownloadId id, Func<DownloadItem, bool> wanted) => WhenAsync(() => FindAsync(id), wanted);

    /// <summary>The post once it is as wanted.</summary>
    public Task<SharedPost> WhenAsync(PostId id, Func<SharedPost, bool> wanted) => WhenAsync(() => Posts.FindAsync(Anna, id), wanted);

    static async Task<T> WhenAsync<T>(Func<Task<T?>> look, Func<T, bool> wanted)
        where T : class
    {
        using var patience = new CancellationTokenSource(Patience);
        T? last = null;
        try
        {
            while (true)
            {
                if ((last = await look()) is { } now && wanted(now))
                {
                    return now;
                }

                await Task.Delay(10, patience.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Still {last}.");
            throw;
        }
    }
}
