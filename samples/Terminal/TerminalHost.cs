using System.Net;
using System.Text;
using Sharing.AspNetCore;
using Sharing.Core;

namespace Sharing.Terminal;

/// <summary>A terminal as a host: download list, and posts, social network, accounts and relationships at its servers.</summary>
public static class TerminalHost
{
    const int LongestSocketPath = 100;

    /// <summary>Builds the terminal that holds the data folder. Starting it runs the downloads and, if it listens, lets other processes of the
    /// same user drive it over <see cref="TerminalSettings.SocketPath"/>.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.Conflict"/>: another process holds the data folder.</exception>
    public static IHost Build(TerminalSettings settings, bool listen = true) => Build(settings, listen, verbose: false);

    internal static IHost Build(TerminalSettings settings, bool listen, bool verbose)
    {
        SQLitePCL.Batteries_V2.Init();
        TerminalSettings.MakePrivate(settings.DataFolder);
        var host = listen ? Listening(settings, verbose) : Alone(settings, verbose);
        try
        {
            host.Services.GetRequiredService<IRecordStore>(); // takes the folder's lock: from here on the socket file is ours
            File.Delete(settings.SocketPath);
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>The servers alone, for what needs no download list: touches no folder, and is not started.</summary>
    internal static ServiceProvider Servers(TerminalSettings settings, bool verbose)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => Log(logging, verbose));
        services.AddSharing(sharing => AddServers(sharing, settings));
        return services.BuildServiceProvider();
    }

    /// <summary>What gets apps and sends photos: keeps in a folder of its own what it has begun, so that it goes on where it was broken off.</summary>
    internal static ServiceProvider Keeping(TerminalSettings settings, bool verbose)
    {
        SQLitePCL.Batteries_V2.Init();
        var services = new ServiceCollection();
        services.AddLogging(logging => Log(logging, verbose));
        services.AddSharing(sharing => AddServers(sharing.UseFolder(Path.Combine(settings.DataFolder, "apps")), settings));
        return services.BuildServiceProvider();
    }

    static IHost Alone(TerminalSettings settings, bool verbose)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new() { ContentRootPath = settings.DataFolder });
        AddTerminal(builder.Services, builder.Logging, settings, verbose);
        return builder.Build();
    }

    static WebApplication Listening(TerminalSettings settings, bool verbose)
    {
        if (Encoding.UTF8.GetByteCount(settings.SocketPath) > LongestSocketPath)
        {
            throw new SharingException(
                ProblemCodes.InvalidInput, $"The path of the data folder is too long for a socket: {settings.SocketPath}. Choose a shorter one with --data.");
        }

        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = settings.DataFolder });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().UseSharingLimits().ConfigureKestrel(kestrel =>
        {
            kestrel.ListenUnixSocket(settings.SocketPath);
            if (settings.Listen is { } listen)
            {
                kestrel.ListenForTerminals(IPEndPoint.Parse(listen));
            }

            if (settings.Page is { } page)
            {
                kestrel.Listen(IPAddress.Loopback, page);
            }
        });
        builder.Services.AddRouting();
        AddTerminal(builder.Services, builder.Logging, settings, verbose);
        var app = builder.Build();
        app.Use((context, next) =>
        {
            // A process that watches would else hold up this one's end; it notices, and goes on by itself.
            if (context.Request.Path.Value!.EndsWith("/events", StringComparison.Ordinal))
            {
                context.Response.RegisterForDispose(app.Lifetime.ApplicationStopping.Register(context.Abort));
            }

            return next(context);
        });
        app.UseRouting();
        app.Use((context, next) =>
        {
            // The socket is the owner's alone, one port is everybody's, one shows him a page: none answers for another.
            var door = context.Connection switch
            {
                { LocalIpAddress: null } => Door.Owner,
                { LocalIpAddress: { } at, LocalPort: var port } when port == settings.Page && IPAddress.IsLoopback(at) => Door.Page,
                _ => Door.Others,
            };
            if (context.GetEndpoint() is { } endpoint && (endpoint.Metadata.GetMetadata<For>()?.Door != door || (door == Door.Page && !IsOwn(context.Request.Host))))
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }

            return next(context);
        });
        app.MapSharing(prefix: "", roles: SharingRoles.Terminal).WithMetadata(new For(Door.Owner));
        if (settings.Listen is not null)
        {
            app.MapSharing(roles: SharingRoles.Peer).WithMetadata(new For(Door.Others));
        }

        if (settings.Page is not null)
        {
            app.MapSharingPages(roles: SharingRoles.Terminal).WithMetadata(new For(Door.Page));
        }

        app.Lifetime.ApplicationStarted.Register(() => MakePrivate(settings.SocketPath));
        return app;
    }

    static void AddTerminal(IServiceCollection services, ILoggingBuilder logging, TerminalSettings settings, bool verbose)
    {
        Log(logging, verbose);
        var reasons = new FetchReasons();
        services.AddSingleton(reasons);
        logging.AddProvider(reasons).AddFilter<FetchReasons>("", LogLevel.None).AddFilter<FetchReasons>("Sharing.Core", LogLevel.Information);
        services.AddSingleton<IHostLifetime, CallersLifetime>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        services.AddSharing(sharing =>
        {
            AddServers(sharing.UseFolder(settings.DataFolder), settings);
            sharing.AddDownloads(downloads => downloads.SaveFolder = settings.Downloads).AddSharedFolders().WithCaller(_ => settings.Person);
            if (settings.Page is not null)
            {
                sharing.AddPages(static pages => (pages.SignInPath, pages.SignOutPath) = (null, null));
            }
        });
    }

    static void AddServers(SharingBuilder sharing, TerminalSettings settings) => sharing
        .UseSharedData(settings.Space, (_, _) => ValueTask.FromResult<string?>(settings.Token))
        .AddP2P(sharing =>
        {
            sharing.SaveFolder = settings.Downloads;
            foreach (var address in settings.Listen is null ? [] : settings.Addresses)
            {
                sharing.Addresses.Add(address);
            }
        })
        .UseServer(settings.Server, settings.SocialServer, (server, _, _) => TokenAt(settings, server))
        .UsePhotos(settings.Server, (_, _) => ValueTask.FromResult<string?>(settings.Token))
        .UseMessages(settings.Server, (_, _) => ValueTask.FromResult<string?>(settings.Token), Path.Combine(settings.DataFolder, "handlers"))
        .AddHandler<WebPageHandler>()
        .UseApps(settings.Server, settings.SocialServer, settings.Person, (server, _, _) => TokenAt(settings, server))
        .WithFetching(fetching =>
        {
            // What its owner allowed may be anywhere, like its own servers; every other address is a stranger's.
            foreach (var host in settings.Allow.Distinct())
            {
                fetching.Configured.Add(host);
            }

            fetching.PeersOnThisMachine = settings.Listen is { } listen && IPEndPoint.TryParse(listen, out var at) && IPAddress.IsLoopback(at.Address); // to try things out
        });

    static ValueTask<string?> TokenAt(TerminalSettings settings, Uri server) =>
        ValueTask.FromResult<string?>(server == settings.SocialServer ? settings.SocialToken ?? settings.Token : settings.Token);

    static void Log(ILoggingBuilder logging, bool verbose)
    {
        if (verbose)
        {
            logging.SetMinimumLevel(LogLevel.Debug).AddSimpleConsole(console => console.SingleLine = true);
            logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
                console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        }
    }

    static void MakePrivate(string socket)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    /// <summary>A page elsewhere may have its name lead to this machine: it sees nothing by that.</summary>
    static bool IsOwn(HostString host) => host.Host is "localhost" or "127.0.0.1";

    /// <summary>Where a request comes in.</summary>
    enum Door
    {
        Owner,
        Others,
        Page,
    }

    /// <summary>Marks what only one door answers for.</summary>
    sealed record For(Door Door);

    /// <summary>Whoever built the host ends it: a signal is the command's to answer.</summary>
    sealed class CallersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
