using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Sharing.Core;
using Sharing.Offline;

namespace Sharing;

/// <summary>Takes the sharing of downloads into a host.</summary>
public static class SharingOfflineExtensions
{
    /// <summary>Adds everything that sharing a download needs, in this process: download list, posts, outbox, offline library, social network.</summary>
    public static SharingBuilder AddOffline(this SharingBuilder sharing, Action<OfflineOptions>? configure = null) =>
        sharing.AddSocialNetwork(configure).AddDownloadServer(configure).AddDownloads(configure);

    /// <summary>The role of the social network server: posts, feeds, comments, reshares, relationships.</summary>
    public static SharingBuilder AddSocialNetwork(this SharingBuilder sharing, Action<OfflineOptions>? configure = null)
    {
        sharing.AddOptions(configure);
        sharing.Services.TryAddSingleton<ISocialNetwork, RecordSocialNetwork>();
        sharing.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPersonalData, NetworkPersonalData>());
        sharing.Services.TryAddEnumerable(ServiceDescriptor.Singleton<ISocialPublisher, NetworkPublisher>(static provider =>
            new NetworkPublisher(provider.GetRequiredService<ISocialNetwork>())));
        return sharing;
    }

    /// <summary>The role of the download server: takes posts, publishes them, keeps their resources in the offline library, serves their links.</summary>
    public static SharingBuilder AddDownloadServer(this SharingBuilder sharing, Action<OfflineOptions>? configure = null)
    {
        sharing.AddOptions(configure);
        var services = sharing.Services;
        services.TryAddSingleton<OfflineLibrary>();
        services.TryAddSingleton<IOfflineStore>(static provider => provider.GetRequiredService<OfflineLibrary>());
        services.TryAddSingleton(static provider => Guarded<OfflineIngest>(provider, GuardedClient.Name));
        services.TryAddSingleton<LandedWork>();
        AddPostsCore(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISweep, LibrarySweep>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPersonalData, LibraryPersonalData>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IContentRepair, LibraryRepair>());
        services.AddBackgroundWork<OfflineWork>();
        return sharing;
    }

    /// <summary>For a social network server that has no download server: takes posts itself, gathers from the origin what is to be known, publishes, and
    /// serves the links of posts by passing the origin's bytes through. Nothing is kept. Map it as <c>SharingRoles.Posts</c>.</summary>
    public static SharingBuilder AddPosts(this SharingBuilder sharing, Action<OfflineOptions>? configure = null)
    {
        sharing.AddOptions(configure);
        if (sharing.Services.Any(static d => d.ServiceType == typeof(OfflineLibrary)))
        {
            return sharing; // a download server does all that, and more
        }

        sharing.Services.TryAddSingleton<IOfflineStore, NoLibrary>();
        sharing.Services.TryAddSingleton(static provider => Guarded<GatherWork>(provider, GuardedClient.Name));
        AddPostsCore(sharing.Services);
        sharing.Services.AddBackgroundWork<PostsWork>();
        return sharing;
    }

    static void AddPostsCore(IServiceCollection services)
    {
        services.TryAddSingleton<Outbox>();
        services.TryAddSingleton<KeepWork>();
        services.TryAddSingleton<IPosts, RecordPosts>();
        services.TryAddSingleton<IAccounts, RecordAccounts>();
        services.TryAddSingleton<IResponses, NetworkResponsesReader>();
        services.TryAddSingleton<IAcquaintances, NetworkAcquaintances>();
        services.TryAddSingleton<IPostContent, LibraryPostContent>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPersonalData, PostsPersonalData>());
        services.TryAddSingleton(static provider => Guarded<Relay>(provider, GuardedClient.Name));
    }

    /// <summary>A download list in this process; posts go to the download server that was chosen, or to this host's own.</summary>
    public static SharingBuilder AddDownloads(this SharingBuilder sharing, Action<OfflineOptions>? configure = null)
    {
        sharing.AddOptions(configure);
        var services = sharing.Services;
        services.TryAddSingleton<RecordDownloads>();
        services.TryAddSingleton<IDownloads>(static provider => provider.GetRequiredService<RecordDownloads>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPersonalData, DownloadsPersonalData>());
        services.AddBackgroundWork(static provider => Guarded<DownloadRunner>(provider, GuardedClient.Name));
        return sharing;
    }

    /// <summary>Publishes at one more social network. A constructor parameter of type <see cref="HttpClient"/> is given the guarded client
    /// (<see cref="GuardedClient.Services"/>); where the network is at a private address, name it in <see cref="FetchOptions.Services"/>.</summary>
    public static SharingBuilder AddPublisher<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TPublisher>(
        this SharingBuilder sharing)
        where TPublisher : class, ISocialPublisher
    {
        sharing.Services.AddSingleton<ISocialPublisher>(static provider => Guarded<TPublisher>(provider, GuardedClient.Services));
        return sharing;
    }

    /// <summary>Publishes at one more social network.</summary>
    public static SharingBuilder AddPublisher(this SharingBuilder sharing, Func<IServiceProvider, ISocialPublisher> make)
    {
        sharing.Services.AddSingleton(make);
        return sharing;
    }

    /// <summary>Publishes at our own social network on another host.</summary>
    /// <param name="sharing">The builder.</param>
    /// <param name="server">The social network server's address, with a slash at its end.</param>
    /// <param name="name">The name under which people connect their accounts there.</param>
    public static SharingBuilder AddNetwork(this SharingBuilder sharing, Uri server, string name = "sharing") => sharing.Trust(server).AddPublisher(provider =>
    {
        var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Services);
        return new NetworkPublisher(
            name, account => new HttpSocialNetwork(new ServerConnection(http, server, (_, _) => ValueTask.FromResult(account.Token))), needsAccount: true);
    });

    /// <summary>Asks relationships of our own social network on another host.</summary>
    /// <param name="sharing">The builder.</param>
    /// <param name="server">The social network server's address, with a slash at its end.</param>
    /// <param name="token">This host's own bearer token there; it needs the right to ask about anybody.</param>
    public static SharingBuilder UseRelationshipsOf(this SharingBuilder sharing, Uri server, Func<CancellationToken, ValueTask<string?>> token)
    {
        if (sharing.Choose("relationships", $"those of {server}"))
        {
            sharing.Trust(server).Services.TryAddSingleton<IRelationshipGraph>(provider => new HttpRelationships(
                Connection(provider, server, (_, cancellationToken) => token(cancellationToken))));
        }

        return sharing;
    }

    /// <summary>For a terminal: posts, their contents and accounts are at a download server, the social network at the same or another one.</summary>
    /// <param name="sharing">The builder.</param>
    /// <param name="downloadServer">The download server's address, with a slash at its end.</param>
    /// <param name="socialServer">The social network server's; <c>null</c>: the same.</param>
    /// <param name="tokenOf">The bearer token of a person at a server.</param>
    public static SharingBuilder UseServer(
        this SharingBuilder sharing, Uri downloadServer, Uri? socialServer, Func<Uri, PersonId?, CancellationToken, ValueTask<string?>> tokenOf)
    {
        if (!sharing.Choose("server", downloadServer.ToString()))
        {
            return sharing;
        }

        var social = socialServer ?? downloadServer;
        ServerConnection To(IServiceProvider provider, Uri server) =>
            Connection(provider, server, (person, cancellationToken) => tokenOf(server, person, cancellationToken));
        sharing.Trust(downloadServer).Trust(social).Services.Configure<OfflineOptions>(options => options.PublicAddress = downloadServer);
        sharing.Services.TryAddSingleton<IPosts>(provider => new HttpPosts(To(provider, downloadServer)));
        sharing.Services.TryAddSingleton<IPostContent>(provider => new HttpPostContent(To(provider, downloadServer)));
        sharing.Services.TryAddSingleton<IResponses>(provider => new HttpResponses(To(provider, downloadServer)));
        sharing.Services.TryAddSingleton<IAcquaintances>(provider => new HttpAcquaintances(To(provider, downloadServer)));
        sharing.Services.TryAddSingleton<IAccounts>(provider => new HttpAccounts(To(provider, downloadServer)));
        sharing.Services.TryAddSingleton<IOfflineStore>(provider => new HttpOfflineStore(To(provider, downloadServer)));
        sharing.Services.TryAddSingleton<ISocialNetwork>(provider => new HttpSocialNetwork(To(provider, social)));
        sharing.Services.TryAddSingleton(provider => new HttpRelationships(To(provider, social)));
        sharing.Services.TryAddSingleton<IRelationshipGraph>(provider => provider.GetRequiredService<HttpRelationships>());
        sharing.Services.TryAddSingleton<IRelationships>(provider => provider.GetRequiredService<HttpRelationships>());
        sharing.Services.TryAddSingleton<IFriendGroups>(provider => provider.GetRequiredService<HttpRelationships>());
        return sharing;
    }

    static ServerConnection Connection(
        IServiceProvider provider, Uri server, Func<PersonId?, CancellationToken, ValueTask<string?>> tokenOf) =>
        new(provider.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Services), server, tokenOf);

    /// <summary>Lets our own clients, and nobody else's addresses, reach a server that the operator named, wherever it is.</summary>
    static SharingBuilder Trust(this SharingBuilder sharing, Uri server) => sharing.WithFetching(fetching => fetching.Services.Add($"{server.Host}:{server.Port}"));

    static void AddOptions(this SharingBuilder sharing, Action<OfflineOptions>? configure)
    {
        sharing.Services.AddOptions<OfflineOptions>().ValidateOnStart();
        sharing.Services.TryAddSingleton<IShareLinks, DownloadServerLinks>();
        sharing.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OfflineOptions>, OfflineOptions.Validator>());
        if (configure is not null)
        {
            sharing.Services.Configure(configure);
        }
    }

    static T Guarded<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(IServiceProvider provider, string client) =>
        ActivatorUtilities.CreateInstance<T>(new GuardedServices(provider, client));

    /// <summary>The services, with the guarded client wherever an <see cref="HttpClient"/> is asked for.</summary>
    sealed class GuardedServices(IServiceProvider provider, string client) : IServiceProvider
    {
        public object? GetService(Type serviceType) =>
            serviceType == typeof(HttpClient) ? provider.GetRequiredService<IHttpClientFactory>().CreateClient(client)
            : serviceType == typeof(IServiceProviderIsService) ? null
            : provider.GetService(serviceType);
    }
}
