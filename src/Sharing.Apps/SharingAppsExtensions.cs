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
            provider.GetRequiredService<IOptions<RadarOptions>>().Value is var options ? new SharedContactsRule(options.LeastShared, options.MutualListing) : null!);
        services.TryAddSingleton(static provider => new ContactRadar(
            provider.GetRequiredService<RadarKeys>(), provider.GetRequiredService<RadarBooks>(), provider.GetRequiredService<ContactBudget>(), provider.GetRequiredService<IOwnContacts>(),
            provider.GetRequiredService<IFriendRule>(), provider.GetRequiredService<IOptions<RadarOptions>>(), provider.GetRequiredService<DeclaredRelationships>()));
        services.TryAddSingleton<IContactRadar>(static provider => provider.GetRequiredService<ContactRadar>());
        services.TryAddSingleton<IFoundRelationships>(static provider => provider.GetRequiredService<ContactRadar>());
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
        return sharing;
    }

    /// <summary>Looks in one more catalogue for apps that the server lacks (row A8).</summary>
    public static SharingBuilder AddAppCatalog<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TCatalog>(this SharingBuilder sharing)
        where TCatalog : class, IAppCatalog
    {
        sharing.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IAppCatalog, TCatalog>());
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
