using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Sharing.Apps;
using Sharing.Core;

namespace Sharing;

/// <summary>Takes friends who find each other, and apps that fit, into a host.</summary>
public static class SharingAppsExtensions
{
    /// <summary>The role of the radar: finds friends by what address books have in common. From then on the host's relationship graph tells of them as <see cref="RelationshipKinds.Found"/>.</summary>
    public static SharingBuilder AddRadar(this SharingBuilder sharing, Action<RadarOptions>? configure = null)
    {
        var services = sharing.Services;
        services.AddOptions<RadarOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RadarOptions>, RadarOptions.Validator>());
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton<RadarKeys>();
        services.TryAddSingleton<RadarBooks>();
        services.TryAddSingleton<ContactBudget>();
        services.TryAddSingleton<IContactNormalizer, ContactNormalizer>();
        services.TryAddSingleton<IOwnContacts, MailContacts>();
        services.TryAddSingleton<IFriendRule>(static provider =>
        {
            var options = provider.GetRequiredService<IOptions<RadarOptions>>().Value;
            return new SharedContactsRule(options.LeastShared, options.MutualListing);
        });
        services.TryAddSingleton(static provider => new ContactRadar(
            provider.GetRequiredService<RadarKeys>(), provider.GetRequiredService<RadarBooks>(), provider.GetRequiredService<ContactBudget>(), provider.GetRequiredService<IOwnContacts>(),
            provider.GetRequiredService<IFriendRule>(), provider.GetRequiredService<IOptions<RadarOptions>>(), provider.GetRequiredService<DeclaredRelationships>()));
        services.TryAddSingleton<IContactRadar>(static provider => provider.GetRequiredService<ContactRadar>());
        services.TryAddSingleton<IFoundRelationships>(static provider => provider.GetRequiredService<ContactRadar>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISweep, ContactBudget>(static provider => provider.GetRequiredService<ContactBudget>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPersonalData, RadarPersonalData>());
        return sharing;
    }

    /// <summary>The role of a server that knows apps: people's lists of them, packages, and what fits a device.</summary>
    public static SharingBuilder AddApps(this SharingBuilder sharing, Action<AppsOptions>? configure = null)
    {
        var services = sharing.Services;
        services.AddOptions<AppsOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AppsOptions>, AppsOptions.Validator>());
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton<IAppLists, AppLists>();
        services.TryAddSingleton<AppShelf>();
        services.TryAddSingleton<OutsideCatalogs>();
        services.TryAddSingleton<ICompatibilityMatcher, CatalogMatcher>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPersonalData, AppsPersonalData>());
        return sharing;
    }

    /// <summary>Looks in one more catalogue for apps that the server lacks (row A8).</summary>
    public static SharingBuilder AddAppCatalog<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TCatalog>(this SharingBuilder sharing)
        where TCatalog : class, IAppCatalog
    {
        sharing.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IAppCatalog, TCatalog>());
        return sharing;
    }

    /// <summary>Looks in an F-Droid repository for apps that the server lacks (row A8).</summary>
    /// <param name="sharing">The builder.</param>
    /// <param name="source">Where it is, and whose.</param>
    /// <param name="every">How long what was read of it is taken as it is. 6 hours if left out.</param>
    public static SharingBuilder AddFdroid(this SharingBuilder sharing, FdroidSource source, TimeSpan? every = null)
    {
        sharing.WithFetching(fetching => fetching.Services.Add($"{source.Address.Host}:{source.Address.Port}")).Services.AddSingleton<IAppCatalog>(provider => new FdroidCatalog(
            new(source, provider.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Services), provider.GetRequiredService<IRecordStore>(),
                provider.GetRequiredService<IContentStore>(), provider.GetRequiredService<ContentReferences>()),
            every ?? TimeSpan.FromHours(6), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<Microsoft.Extensions.Logging.ILogger<FdroidCatalog>>()));
        return sharing;
    }

    /// <summary>Speaks to the radar, the lists and the catalogue of a server, for a terminal.</summary>
    /// <param name="sharing">The builder.</param>
    /// <param name="server">The address of the server that knows apps, with a slash at its end.</param>
    /// <param name="radarServer">The radar's; <c>null</c>: the same.</param>
    /// <param name="person">Whose terminal it is.</param>
    /// <param name="tokenOf">The bearer token of a person at a server.</param>
    public static SharingBuilder UseApps(this SharingBuilder sharing, Uri server, Uri? radarServer, PersonId person, Func<Uri, PersonId?, CancellationToken, ValueTask<string?>> tokenOf)
    {
        if (!sharing.Choose("apps", server.ToString()))
        {
            return sharing;
        }

        var radar = radarServer ?? server;
        ServerConnection To(IServiceProvider provider, Uri address) =>
            new(provider.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Services), address, (asked, cancellationToken) => tokenOf(address, asked, cancellationToken));
        var services = sharing.WithFetching(fetching =>
        {
            fetching.Services.Add($"{server.Host}:{server.Port}");
            fetching.Services.Add($"{radar.Host}:{radar.Port}");
        }).Services;
        services.TryAddSingleton<IContactNormalizer, ContactNormalizer>();
        services.TryAddSingleton<IContactRadar>(provider => new HttpContactRadar(To(provider, radar)));
        services.TryAddSingleton<IAppLists>(provider => new HttpAppLists(To(provider, server)));
        services.TryAddSingleton(provider => new HttpAppCatalog(To(provider, server), person));
        services.TryAddSingleton<ICompatibilityMatcher>(static provider => provider.GetRequiredService<HttpAppCatalog>());
        services.TryAddSingleton(static provider => new AddressBook(provider.GetRequiredService<IContactRadar>(), provider.GetRequiredService<IContactNormalizer>(), provider.GetRequiredService<IRecordStore>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPersonalData, AddressBookPersonalData>(provider => new(provider.GetRequiredService<IRecordStore>(), person)));
        services.TryAddSingleton(provider => new AppGetter(
            provider.GetRequiredService<ICompatibilityMatcher>(),
            package => new HttpOriginSource(
                provider.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Services), new(server, HttpAppCatalog.PathOf(package)), cancellationToken => tokenOf(server, person, cancellationToken)),
            provider.GetRequiredService<TransferEngine>(), provider.GetRequiredService<IContentStore>(), provider.GetRequiredService<IRecordStore>()));
        return sharing;
    }

    /// <summary>Asks one more rule before a package fits.</summary>
    public static SharingBuilder AddPackageRule<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TRule>(this SharingBuilder sharing)
        where TRule : class, IPackageRule
    {
        sharing.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPackageRule, TRule>());
        return sharing;
    }
}
