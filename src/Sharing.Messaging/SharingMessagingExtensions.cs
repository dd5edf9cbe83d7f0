using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Sharing.Core;
using Sharing.Messaging;

namespace Sharing;

/// <summary>Takes a message centre into a host.</summary>
public static class SharingMessagingExtensions
{
    /// <summary>Adds all that a message server does: a catalogue, people's inboxes, and what is pushed to those whom it suits.</summary>
    public static SharingBuilder AddMessages(this SharingBuilder sharing, Action<MessageOptions>? configure = null)
    {
        var services = sharing.AddUploads<MessageUploads>().Services;
        services.AddOptions<MessageOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MessageOptions>, MessageOptions.Validator>());
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton<PushHub>();
        services.TryAddSingleton<MessageUploads>();
        services.TryAddSingleton<MessageBook>();
        services.TryAddSingleton<CatalogBook>();
        services.TryAddSingleton<RecordInbox>();
        services.TryAddSingleton<IInbox>(static provider => provider.GetRequiredService<RecordInbox>());
        services.TryAddSingleton<IInboxFeed>(static provider => provider.GetRequiredService<RecordInbox>());
        services.TryAddSingleton<RecordMessages>();
        services.TryAddSingleton<IMessages>(static provider => provider.GetRequiredService<RecordMessages>());
        services.TryAddSingleton<TasteBook>();
        services.TryAddSingleton<ITastes>(static provider => provider.GetRequiredService<TasteBook>());
        services.TryAddSingleton<ICatalog, RecordCatalog>();
        services.TryAddSingleton<INetworkIdResolver, KnownPeople>();
        services.TryAddSingleton<IAudienceSelector, TasteSelector>();
        services.TryAddSingleton<BearerBook>();
        services.TryAddSingleton<IBearers>(static provider => provider.GetRequiredService<BearerBook>());
        services.TryAddSingleton(static provider => new BearerDesk(provider.GetRequiredService<BearerBook>(), provider.GetRequiredService<ICatalog>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<INetworkBearer, IpBearer>());
        services.TryAddSingleton<CatalogPushes>();
        services.TryAddSingleton<HandlerShelf>();
        services.TryAddSingleton<IHandlerCatalog>(static provider => provider.GetRequiredService<HandlerShelf>());
        AddOpening(services);
        services.AddBackgroundWork<MessageWork>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISweep, MessageSweep>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPersonalData, MessagesPersonalData>());
        return sharing;
    }

    /// <summary>Adds the client of a message server: its catalogue, the person's own inbox there, and what opens what arrives.</summary>
    /// <param name="sharing">The host.</param>
    /// <param name="server">The server's address, with a slash at its end.</param>
    /// <param name="tokenOf">The bearer token of a person there.</param>
    /// <param name="handlers">The folder that handlers are unpacked to.</param>
    public static SharingBuilder UseMessages(this SharingBuilder sharing, Uri server, Func<PersonId?, CancellationToken, ValueTask<string?>> tokenOf, string handlers)
    {
        var services = sharing.WithFetching(fetching => fetching.Services.Add($"{server.Host}:{server.Port}")).Services;
        ServerConnection Connect(IServiceProvider provider) => new(provider.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Services), server, tokenOf);
        services.TryAddSingleton<ICatalog>(provider => new HttpCatalog(Connect(provider)));
        services.TryAddSingleton<IMessages>(provider => new HttpMessages(Connect(provider)));
        services.TryAddSingleton<IInbox>(provider => new HttpInbox(Connect(provider), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ITastes>(provider => new HttpTastes(Connect(provider)));
        services.TryAddSingleton<IBearers>(provider => new HttpBearers(Connect(provider)));
        services.TryAddSingleton<IHandlerCatalog>(provider => new HttpHandlers(Connect(provider)));
        services.TryAddSingleton(new MessageHome(server, tokenOf));
        services.TryAddSingleton<MessageUploader>();
        services.TryAddSingleton<MessageGetter>();
        services.TryAddSingleton(provider => new HandlerStore(handlers, provider.GetRequiredService<IRecordStore>(), provider.GetRequiredService<IConfinedRunner>(), provider.GetRequiredService<TimeProvider>()));
        AddOpening(services);
        services.TryAddSingleton<ResourceOpener>();
        return sharing;
    }

    /// <summary>What a host opens itself: a terminal, and a server for the pages.</summary>
    static void AddOpening(IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IResourceHandler, PlainHandler>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IResourceHandler, ArchiveHandler>());
        services.TryAddSingleton<ResourceHandlers>();
    }

    /// <summary>Wakes people by short messages, through a gateway.</summary>
    public static SharingBuilder AddSms(this SharingBuilder sharing, Uri gateway, string? token = null)
    {
        sharing.WithFetching(fetching => fetching.Services.Add($"{gateway.Host}:{gateway.Port}")).Services.Configure<SmsOptions>(options => (options.Gateway, options.Token) = (gateway, token));
        return sharing.AddBearer<SmsBearer>();
    }

    /// <summary>Wakes people in one more way (row M3).</summary>
    public static SharingBuilder AddBearer<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TBearer>(this SharingBuilder sharing)
        where TBearer : class, INetworkBearer
    {
        sharing.Services.TryAddEnumerable(ServiceDescriptor.Singleton<INetworkBearer, TBearer>());
        return sharing;
    }

    /// <summary>Says whom network ids mean, instead of our own reading of them (row M3).</summary>
    public static SharingBuilder UseNetworkIds<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TResolver>(this SharingBuilder sharing)
        where TResolver : class, INetworkIdResolver
    {
        if (sharing.Choose("network ids", typeof(TResolver).FullName!))
        {
            sharing.Services.Replace(ServiceDescriptor.Singleton<INetworkIdResolver, TResolver>());
        }

        return sharing;
    }

    /// <summary>Opens one more kind of resource (row M6). What the application adds goes before what is built in.</summary>
    public static SharingBuilder AddHandler<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(this SharingBuilder sharing)
        where THandler : class, IResourceHandler
    {
        sharing.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IResourceHandler, THandler>());
        return sharing;
    }

    /// <summary>Chooses for whom something new is, instead of our own choice by taste (row M2).</summary>
    public static SharingBuilder UseAudience<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSelector>(this SharingBuilder sharing)
        where TSelector : class, IAudienceSelector
    {
        if (sharing.Choose("audience", typeof(TSelector).FullName!))
        {
            sharing.Services.Replace(ServiceDescriptor.Singleton<IAudienceSelector, TSelector>());
        }

        return sharing;
    }
}
