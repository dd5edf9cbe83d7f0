using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sharing.Offline;
using Sharing.Testing;
using Sharing.Tests.Content;
using Sharing.Tests.Hosting;

namespace Sharing.Tests.Library;

/// <summary>The library of a whole host, with its background work, and an origin on loopback.</summary>
public abstract class LibrarySuite : OfflineStoreSuite
{
    readonly TemporaryFolder _folder = new();
    Origin _origin = null!;
    SharingHost _host = null!;

    private protected abstract IOfflineStore StoreOf(SharingHost host);

    private protected virtual Task PrepareAsync() => Task.CompletedTask;

    private protected virtual void Configure(SharingBuilder sharing, string folder)
    {
    }

    protected sealed override async Task<IOfflineStore> CreateAsync()
    {
        await PrepareAsync();
        _origin = await Origin.StartAsync();
        _host = await SharingHost.StartAsync(sharing =>
        {
            Configure(sharing, _folder.Path);
            sharing.AddDownloadServer(offline => offline.FetchAttempts = 1)
                .WithTransfers(transfers => (transfers.MaxFailures, transfers.FirstRest) = (1, TimeSpan.FromMilliseconds(1)));
        });
        return StoreOf(_host);
    }

    protected sealed override Uri Serve(string name, byte[]? bytes) => _origin.Serve(name, bytes);

    protected sealed override int FetchesOf(Uri address) => _origin.DownloadsOf(address);

    protected sealed override async ValueTask CleanUpAsync()
    {
        await _host.DisposeAsync();
        await _origin.DisposeAsync();
        _folder.Dispose();
    }
}

public sealed class MemoryLibraryTests : LibrarySuite
{
    private protected override IOfflineStore StoreOf(SharingHost host) => host.Get<IOfflineStore>();
}

public sealed class FolderLibraryTests : LibrarySuite
{
    private protected override void Configure(SharingBuilder sharing, string folder) => sharing.UseFolder(folder);

    private protected override IOfflineStore StoreOf(SharingHost host) => host.Get<IOfflineStore>();
}

public sealed class HttpLibraryTests : LibrarySuite
{
    private protected override IOfflineStore StoreOf(SharingHost host) => new HttpOfflineStore(host.Connect());
}
