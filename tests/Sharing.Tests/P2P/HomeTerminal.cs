using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.P2P;
using Sharing.Tests.Hosting;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.P2P;

/// <summary>A person's terminal with a space on a shared-data server, and shared folders that are looked at when the test says so.</summary>
sealed class HomeTerminal : IAsyncDisposable
{
    readonly WebApplication _app;
    bool _stopped;

    HomeTerminal(WebApplication app, PersonId person, int port) => (_app, Person, Port) = (app, person, port);

    public PersonId Person { get; }

    public int Port { get; }

    public ISharedFolders Folders => Get<ISharedFolders>();

    /// <param name="server">The server's address.</param>
    /// <param name="person">Whose terminal.</param>
    /// <param name="configure">Adds to it.</param>
    /// <param name="time">Its time.</param>
    /// <param name="port">Its port; 0: any.</param>
    /// <param name="isReachable">Whether it says where it is.</param>
    /// <param name="works">Whether it works in the background.</param>
    /// <param name="folders">How it looks after folders; left out: files need no rest.</param>
    public static async Task<HomeTerminal> StartAsync(
        Uri server, PersonId person, Action<SharingBuilder>? configure = null, TimeProvider? time = null, int port = 0, bool isReachable = true, bool works = false,
        Action<FolderOptions>? folders = null)
    {
        port = port == 0 ? TerminalNode.FreePort() : port;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.Services.AddSharing(sharing =>
        {
            sharing.WithFetching(fetching =>
            {
                (fetching.PeersOnThisMachine, fetching.Attempts) = (true, 1);
                fetching.HeaderTimeout = fetching.IdleTimeout = TimeSpan.FromHours(1);
            });
            sharing.UseSharedData(server, (_, _) => ValueTask.FromResult<string?>(SharingHost.TokenOf(person))).WithBackgroundWork(works);
            sharing.AddSharedFolders(options =>
            {
                (options.RestFor, options.Watches) = (TimeSpan.Zero, false);
                folders?.Invoke(options);
            });
            if (isReachable)
            {
                sharing.AddP2P(options => options.Addresses.Add($"127.0.0.1:{port}"));
            }

            configure?.Invoke(sharing);
        });
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.ListenForTerminals(new(IPAddress.Loopback, port)));
        var app = builder.Build();
        app.MapSharing(roles: SharingRoles.Peer);
        await app.StartAsync();
        return new(app, person, port);
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Looks at the shared folders once, and sees to what is due.</summary>
    public Task<DateTimeOffset?> LookAsync() => Get<FolderWork>().RunOnceAsync();

    /// <summary>The files of shared folders, by their paths.</summary>
    public async Task<Dictionary<string, FolderFile>> FilesAsync() => await Folders.FilesAsync(Person).ToDictionaryAsync(file => file.Path);

    public async Task<OpenedShare?> OpenAsync(ShareLink link, OriginUse origin = OriginUse.IfNeeded) => await Get<ShareOpener>().OpenAsync(Person, link, origin);

    public async Task<SwarmFetch> FetchAsync(OpenedShare opened) => await Get<SwarmNode>().FetchAsync(opened, Get<ShareServers>().IndexAt(opened.Server), Person);

    public async Task<byte[]> GetAsync(ShareLink link, OriginUse origin = OriginUse.IfNeeded)
    {
        var opened = await OpenAsync(link, origin) ?? throw new InvalidOperationException("It does not open.");
        return await EndAsync(await FetchAsync(opened));
    }

    public async Task<byte[]> EndAsync(SwarmFetch fetch)
    {
        await using var open = fetch;
        var result = await fetch.Transfer.Completion.WaitAsync(SwarmBench.Patience);
        await Get<SwarmNode>().KeepAsync(fetch.Manifest, result);
        return await Samples.ReadAsync(Get<IContentStore>(), result.Content);
    }

    public async Task StopAsync()
    {
        if (!_stopped)
        {
            _stopped = true;
            using var now = new CancellationTokenSource(TimeSpan.FromSeconds(3));
            await _app.StopAsync(now.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
    }
}
