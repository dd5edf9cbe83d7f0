using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Sharing.Core;
using Sharing.Social;

namespace Sharing;

/// <summary>Publishes at real networks.</summary>
public static class SharingSocialExtensions
{
    /// <summary>Publishes at servers that speak Mastodon's API; each person connects an account at any of them.</summary>
    /// <remarks>Servers that people name are held to the rules for strangers' addresses; one at a private address must be among <c>FetchOptions.Configured</c>.</remarks>
    public static SharingBuilder AddMastodon(this SharingBuilder sharing, Action<MastodonOptions>? configure = null)
    {
        var services = sharing.Add(new MastodonOptions.Validator(), configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISocialPublisher, MastodonPublisher>());
        services.TryAddSingleton(static provider => new MastodonSignIn(provider.GetRequiredService<NetworkCaller>()));
        return sharing;
    }

    /// <summary>Publishes at Bluesky, and at any AT Protocol server.</summary>
    /// <inheritdoc cref="AddMastodon"/>
    public static SharingBuilder AddBluesky(this SharingBuilder sharing, Action<BlueskyOptions>? configure = null)
    {
        sharing.Add(new BlueskyOptions.Validator(), configure).TryAddEnumerable(ServiceDescriptor.Singleton<ISocialPublisher, BlueskyPublisher>());
        return sharing;
    }

    /// <summary>Sends each post as an event to an address of the person's own.</summary>
    /// <inheritdoc cref="AddMastodon"/>
    public static SharingBuilder AddWebhooks(this SharingBuilder sharing, Action<WebhookOptions>? configure = null)
    {
        sharing.Add(new WebhookOptions.Validator(), configure).TryAddEnumerable(ServiceDescriptor.Singleton<ISocialPublisher, WebhookPublisher>());
        return sharing;
    }

    /// <summary>Takes part in the fediverse: people of this host who connect can be followed from other servers, and what they share goes there. Map it by <c>MapSharingFederation</c>.</summary>
    public static SharingBuilder AddActivityPub(this SharingBuilder sharing, Action<ActivityPubOptions>? configure = null)
    {
        var services = sharing.Add(new ActivityPubOptions.Validator(), configure);
        services.TryAddSingleton<Actors>();
        services.TryAddSingleton<ActivityDocuments>();
        services.TryAddSingleton<RemoteActors>();
        services.TryAddSingleton<Deliveries>();
        services.TryAddSingleton<Inbox>();
        services.TryAddSingleton<IFederation, Federation>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISocialPublisher, ActivityPubPublisher>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISweep, FederationSweep>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPersonalData, FediversePersonalData>());
        services.AddBackgroundWork<FederationWork>();
        return sharing;
    }

    /// <summary>Gives each person who wants one a feed of what he shares with everybody. Map it by <c>MapSharingFeeds</c>.</summary>
    public static SharingBuilder AddFeeds(this SharingBuilder sharing, Action<AtomOptions>? configure = null)
    {
        var services = sharing.Add(new AtomOptions.Validator(), configure);
        services.TryAddSingleton<AtomPublisher>();
        services.TryAddSingleton<IFeeds>(static provider => provider.GetRequiredService<AtomPublisher>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISocialPublisher, AtomPublisher>(static provider => provider.GetRequiredService<AtomPublisher>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPersonalData, FeedsPersonalData>());
        return sharing;
    }

    static IServiceCollection Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        this SharingBuilder sharing, IValidateOptions<TOptions> validator, Action<TOptions>? configure)
        where TOptions : class
    {
        var services = sharing.Services;
        services.AddOptions<TOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton(validator));
        services.TryAddSingleton<NetworkCaller>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPersonalData, SessionsPersonalData>());
        if (configure is not null)
        {
            services.Configure(configure);
        }

        return services;
    }
}
