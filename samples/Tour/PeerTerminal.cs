using System.Net;
using System.Net.Sockets;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing.Tour;

/// <summary>A person's terminal that shares folders, fetches shares and gives them on to other terminals.</summary>
public sealed class PeerTerminal : IAsyncDisposable
{
    readonly WebApplication _app;

    PeerTerminal(PersonId person, WebApplication app) => (Person, _app) = (person, app);

    /// <summary>Whose it is.</summary>
    public PersonId Person { get; }

    /// <summary>His shared folders.</summary>
    public ISharedFolders Folders => _app.Services.GetRequiredService<ISharedFolders>();

    /// <summary>Where he fetches shares.</summary>
    public IShareDownloads Shares => _app.Services.GetRequiredService<IShareDownloads>();

    /// <summary>His fetches under way, to be looked at.</summary>
    public IShareFetches Fetches => _app.Services.GetRequiredService<IShareFetches>();

    /// <summary>Opens shares by their links.</summary>
    public ShareOpener Opener => _app.Services.GetRequiredService<ShareOpener>();

    /// <summary>Starts it.</summary>
    /// <param name="folder">Where it keeps everything, and saves what it fetches.</param>
    /// <param name="person">Whose it is.</param>
    /// <param name="server">The server with his space, and its index servers, which may be asked although they are on this machine.</param>
    /// <param name="bytesPerSecond">How fast it uploads shared folders at most; 0: as fast as it goes.</param>
    /// <param name="givesPerSecond">How fast it gives to others at most; 0: as fast as it goes.</param>
    public static async Task<PeerTerminal> StartAsync(string folder, TourPerson person, IServer server, long bytesPerSecond = 0, long givesPerSecond = 0)
    {
        var at = FreePlace();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSharing(sharing => sharing
            .UseFolder(folder)
            .UseSharedData(server.Address, (_, _) => ValueTask.FromResult<string?>(person.Token))
            .WithFetching(fetching =>
            {
                fetching.PeersOnThisMachine = true;
                foreach (var index in server.Indexes)
                {
                    fetching.Configured.Add(index.Authority);
                }
            })
            .AddP2P(peers =>
            {
                peers.Addresses.Add(at.ToString());
                peers.UploadBytesPerSecond = givesPerSecond;
                peers.SaveFolder = Path.Combine(folder, "downloads");
            })
            .AddSharedFolders(folders => (folders.RestFor, folders.BytesPerSecond) = (TimeSpan.FromMilliseconds(200), bytesPerSecond)));
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.ListenForTerminals(at));
        var app = builder.Build();
        app.MapSharing(roles: SharingRoles.Peer);
        await app.StartAsync();
        return new(PersonId.Parse(person.Id), app);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    static IPEndPoint FreePlace()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }
}
