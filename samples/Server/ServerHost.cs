using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.Offline;

namespace Sharing.Server;

/// <summary>The server sample: one host, its roles switched on by configuration.</summary>
public static class ServerHost
{
    const string EitherScheme = "Either";

    /// <summary>Builds the host; the Tour and the tests run it in their own process.</summary>
    /// <param name="args">Settings.</param>
    /// <param name="services">Adds services of the caller's, which win.</param>
    public static WebApplication Build(string[] args, Action<IServiceCollection>? services = null)
    {
        // Settings are read once. Were they watched, so would be every file below this folder, and the data may lie there.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = ["--hostBuilder:reloadConfigOnChange=false", .. args], ContentRootPath = AppContext.BaseDirectory });
        var section = builder.Configuration.GetSection("Sharing");
        var server = section.Get<ServerOptions>() ?? new();
        builder.Services.Configure<ServerOptions>(section);
        builder.Services.Configure<LimitOptions>(section.GetSection("Limits"));
        builder.WebHost.UseSharingLimits();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        services?.Invoke(builder.Services);
        AddSignIn(builder, server);
        AddSharing(builder.Services, server);
        if (server.Otlp is { } collector)
        {
            builder.Services.AddHostedService(_ => new Watched(collector));
        }

        builder.Services.AddHealthChecks().AddSharing();
        builder.Services.AddSharingOpenApi();

        var app = builder.Build();
        app.UseAuthentication();
        if (server.Members.Enabled)
        {
            app.Use(OwnTokens.GuardAsync);
        }

        app.UseAuthorization();
        app.MapHealthChecks("/health/live", new() { Predicate = _ => false });
        app.MapHealthChecks("/health/ready");
        app.MapOpenApi();
        app.MapSharing(roles: RolesOf(server));
        if (server.RealNetworks.Contains("fediverse"))
        {
            app.MapSharingFederation();
        }

        if (server.RealNetworks.Contains("feed"))
        {
            app.MapSharingFeeds();
        }

        app.MapSharingPages();
        SignInPages.Map(app);
        if (server.Members.Enabled)
        {
            app.MapMembers();
        }

        return app;
    }

    static SharingRoles RolesOf(ServerOptions server) => server.Roles.Count == 0
        ? SharingRoles.Social | SharingRoles.Download
        : server.Roles.Aggregate(SharingRoles.None, (roles, role) => roles | role.ToUpperInvariant() switch
        {
            "SOCIAL" => SharingRoles.Social,
            "DOWNLOAD" => SharingRoles.Download,
            "POSTS" => SharingRoles.Posts,
            "DATA" => SharingRoles.Data | SharingRoles.Index,
            "INDEX" => SharingRoles.Index,
            "RADAR" => SharingRoles.Radar,
            "APPS" => SharingRoles.Apps,
            "PHOTOS" => SharingRoles.Photos,
            "MESSAGES" => SharingRoles.Messages,
            _ => throw new InvalidOperationException($"There is no role '{role}'; there are social, download, posts, data, index, radar, apps, photos and messages."),
        });

    /// <summary>Records and contents, each where it is said to be, and otherwise in the folder.</summary>
    static SharingBuilder UsePlaces(SharingBuilder sharing, ServerOptions server)
    {
        _ = server.PostgreSql is { } database ? sharing.UsePostgreSql(database) : sharing.UseSqlite(Path.Combine(server.Data, "sharing.db"));
        return server.S3 is { } bucket ? sharing.UseS3(bucket, server.S3AccessKey, server.S3SecretKey) : sharing.UseContentFolder(Path.Combine(server.Data, "content"));
    }

    static void AddSharing(IServiceCollection services, ServerOptions server)
    {
        services.AddSharing(sharing =>
        {
            UsePlaces(sharing, server)
                .WithFetching(fetching =>
                {
                    foreach (var host in server.ConfiguredHosts)
                    {
                        fetching.Configured.Add(host);
                    }

                    fetching.PeersOnThisMachine = server.PeersOnThisMachine;
                })
                .WithSweep(sweep => (sweep.Interval, sweep.Grace) = (server.SweepInterval, server.Grace))
                .WithServing(serving => (serving.AccelPrefix, serving.AddressLife) = (server.AccelPrefix, server.AddressLife))
                .WithUploads(uploads => uploads.SpacePerPerson = server.SpacePerPerson)
                .WithHosts(user => user.IsInRole(TokenHandler.HostRole))
                .AddPages();
            var roles = RolesOf(server);
            if (roles.HasFlag(SharingRoles.Social))
            {
                sharing.AddSocialNetwork();
            }

            void Configure(OfflineOptions offline) =>
                (offline.PublicAddress, offline.Retention, offline.WorkLease, offline.PublishTimeout) =
                    (server.PublicAddress, server.Retention, server.WorkLease, server.PublishTimeout);
            if (roles.HasFlag(SharingRoles.Download))
            {
                sharing.AddDownloadServer(Configure);
                if (server.SocialServer is { } social)
                {
                    sharing.AddNetwork(social).UseRelationshipsOf(social, _ => ValueTask.FromResult(server.SocialServerToken));
                }
            }
            else if (roles.HasFlag(SharingRoles.Posts))
            {
                sharing.AddPosts(Configure);
            }

            if (roles.HasFlag(SharingRoles.Data))
            {
                sharing.AddSharedData(options =>
                {
                    foreach (var index in server.IndexServers)
                    {
                        options.Indexes.Add(index);
                    }

                    options.SpreadsIndex = server.SpreadIndex;
                });
            }
            else if (roles.HasFlag(SharingRoles.Index))
            {
                sharing.AddChunkIndex(options =>
                {
                    foreach (var data in server.DataServers)
                    {
                        options.DataServers.Add(data);
                    }
                });
            }

            if (roles.HasFlag(SharingRoles.Radar))
            {
                sharing.AddRadar(radar => radar.KeyFile = server.RadarKeyFile);
            }

            if (roles.HasFlag(SharingRoles.Photos))
            {
                sharing.AddPhotos(photos => photos.PublicAddress = server.PublicAddress);
            }

            if (server.Mail is { } mail && (roles.HasFlag(SharingRoles.Photos) || server.Members.Enabled))
            {
                sharing.AddMail(options => (options.Host, options.Port, options.UseTls, options.User, options.Password, options.From, options.FromName) =
                    (mail.Host, mail.Port, mail.UseTls, mail.User, mail.Password, mail.From, mail.FromName));
            }

            if (roles.HasFlag(SharingRoles.Messages))
            {
                sharing.AddMessages(messages => messages.PublicAddress = server.PublicAddress);
                if (server.SmsGateway is { } gateway)
                {
                    sharing.AddSms(gateway, server.SmsToken);
                }
            }

            if (roles.HasFlag(SharingRoles.Apps))
            {
                sharing.AddApps();
                foreach (var repository in server.Fdroid)
                {
                    sharing.AddFdroid(new(repository.Address) { Fingerprint = repository.Fingerprint });
                }
            }

            if ((roles & (SharingRoles.Apps | SharingRoles.Photos | SharingRoles.Messages)) != 0 && server.SocialServer is { } graph && !roles.HasFlag(SharingRoles.Download))
            {
                sharing.UseRelationshipsOf(graph, _ => ValueTask.FromResult(server.SocialServerToken));
            }

            foreach (var (name, address) in server.Networks)
            {
                sharing.AddNetwork(address, name);
            }

            foreach (var name in server.RealNetworks)
            {
                _ = name switch
                {
                    "mastodon" => sharing.AddMastodon(),
                    "bluesky" => sharing.AddBluesky(),
                    "fediverse" => sharing.AddActivityPub(fediverse => fediverse.PublicAddress = new(server.PublicAddress.GetLeftPart(UriPartial.Authority) + "/")),
                    "feed" => sharing.AddFeeds(feeds => feeds.PublicAddress = server.PublicAddress),
                    "webhook" => sharing.AddWebhooks(webhooks => webhooks.Source = server.PublicAddress),
                    _ => throw new InvalidOperationException($"There is no real network '{name}'; there are mastodon, bluesky, fediverse, feed and webhook."),
                };
            }
        });
        services.AddHostedService<PeopleFromConfiguration>();
        if (server.Members.Enabled)
        {
            services.AddMembers();
        }

        if (RolesOf(server).HasFlag(SharingRoles.Apps))
        {
            services.AddHostedService<AppsFromConfiguration>();
        }

        if (RolesOf(server).HasFlag(SharingRoles.Messages))
        {
            services.AddHostedService<CatalogFromFolders>();
        }
    }

    static void AddSignIn(WebApplicationBuilder builder, ServerOptions server)
    {
        var protection = builder.Services.AddDataProtection().SetApplicationName("Sharing.Server");
        _ = server.PostgreSql is null ? protection.PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(server.Data, "keys"))) : protection.PersistKeysToSharing();
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication(EitherScheme)
            .AddPolicyScheme(EitherScheme, null, either => either.ForwardDefaultSelector = context =>
                context.Request.Headers.ContainsKey("Authorization") ? TokenHandler.SchemeName : CookieAuthenticationDefaults.AuthenticationScheme)
            .AddScheme<AuthenticationSchemeOptions, TokenHandler>(TokenHandler.SchemeName, null)
            .AddCookie(cookie =>
            {
                cookie.Cookie.Name = "sharing";
                cookie.Cookie.SameSite = SameSiteMode.Lax;
                cookie.Cookie.HttpOnly = true;
                cookie.ExpireTimeSpan = TimeSpan.FromDays(14);
                cookie.LoginPath = "/sign-in";
                cookie.Events.OnValidatePrincipal = SignInPages.CheckAsync;
            });
    }

    /// <summary>Writes the people of the configuration into the store, so that pages can name them.</summary>
    sealed class PeopleFromConfiguration(PeopleStore people, Microsoft.Extensions.Options.IOptions<ServerOptions> server) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            foreach (var person in server.Value.People)
            {
                await people.SaveAsync(new Person { Id = PersonId.Parse(person.Id), Name = person.Name, Mail = person.Mail, Tier = person.Tier }, cancellationToken);
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
