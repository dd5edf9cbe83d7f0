using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing;

/// <summary>Takes Sharing into a host.</summary>
public static class SharingCoreExtensions
{
    /// <summary>Adds Sharing. May be called several times; what the application registered itself wins. Without a choice, everything is in memory.</summary>
    /// <exception cref="InvalidOperationException">Two different things were chosen for one role; the message names both.</exception>
    public static IServiceCollection AddSharing(this IServiceCollection services, Action<SharingBuilder> configure)
    {
        configure(new SharingBuilder(services));
        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.AddGuardedClient();
        services.AddOptions<TransferOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TransferOptions>, TransferOptions.Validator>());
        services.AddOptions<SweepOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SweepOptions>, SweepOptions.Validator>());

        services.TryAddKeyedSingleton<IRecordStore, MemoryRecordStore>("driver");
        services.TryAddSingleton(static provider => new WatchingRecordStore(provider.GetRequiredKeyedService<IRecordStore>("driver")));
        services.TryAddSingleton<IRecordStore>(static provider => provider.GetRequiredService<WatchingRecordStore>());
        services.TryAddSingleton<IRecordWatch>(static provider => provider.GetRequiredService<WatchingRecordStore>());
        services.AddOptions<StorageOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StorageOptions>, StorageOptionsValidation>());
        services.TryAddSingleton(static provider => ContentStorage.Create(provider));
        services.AddOptions<ScrubOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ScrubOptions>, ScrubOptions.Validator>());
        services.TryAddSingleton<ContentScrub>();
        services.AddOptions<ConfinedOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ConfinedOptions>, ConfinedOptionsValidation>());
        services.TryAddSingleton<IConfinedRunner, BubblewrapRunner>();
        services.TryAddSingleton<Leases>();
        services.TryAddSingleton<WorkBacklog>();
        services.TryAddSingleton<ContentReferences>();
        services.AddOptions<UploadOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<UploadOptions>, UploadOptions.Validator>());
        services.AddOptions<LimitOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LimitOptions>, LimitOptions.Validator>());
        services.TryAddSingleton<UsageMeter>();
        services.TryAddSingleton<Limits>();
        services.TryAddSingleton<SpaceLedger>();
        services.TryAddSingleton<Uploads>();
        services.TryAddSingleton<UploadLookup>();

        services.TryAddSingleton<PersonalData>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPersonalData, PeoplePersonalData>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPersonalData, UploadsPersonalData>());
        services.AddBackgroundWork<ErasureWork>();
        if (!services.Any(static d => d.ServiceType == typeof(IRelationshipGraph)))
        {
            services.TryAddSingleton<RelationshipStore>();
            services.AddSingleton<IRelationshipGraph>(static provider => provider.GetRequiredService<RelationshipStore>());
            services.TryAddSingleton<IRelationships>(static provider => provider.GetRequiredService<RelationshipStore>());
            services.TryAddSingleton<IFriendGroups>(static provider => provider.GetRequiredService<RelationshipStore>());
        }

        AddFound(services);
        if (!services.Any(static d => d.ServiceType == typeof(IPeople)))
        {
            services.TryAddSingleton<PeopleStore>();
            services.AddSingleton<IPeople>(static provider => provider.GetRequiredService<PeopleStore>());
        }

        services.TryAddSingleton<AudienceGate>();
        services.TryAddSingleton<IChunkSourceSelector, CheapestSourceSelector>();
        services.TryAddSingleton<FileLinks>();
        services.TryAddSingleton<TransferEngine>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISweep, UploadSweep>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISweep, ReferenceSweep>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISweep, ContentScrub>(static provider => provider.GetRequiredService<ContentScrub>()));
        services.AddBackgroundWork<SweepService>();
        return services;
    }

    /// <summary>Asks the product's own people (row by row, or better in one query) instead of our store.</summary>
    public static SharingBuilder UsePeople<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TPeople>(
        this SharingBuilder sharing)
        where TPeople : class, IPeople
    {
        if (sharing.Choose("people", typeof(TPeople).FullName!))
        {
            sharing.Services.TryAddSingleton<IPeople, TPeople>();
        }

        return sharing;
    }

    /// <summary>Asks the product's own relationships instead of our store; whatever they say counts at once.</summary>
    public static SharingBuilder UseRelationships<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TGraph>(
        this SharingBuilder sharing)
        where TGraph : class, IRelationshipGraph
    {
        if (sharing.Choose("relationships", typeof(TGraph).FullName!))
        {
            sharing.Services.TryAddSingleton<IRelationshipGraph, TGraph>();
        }

        return sharing;
    }

    /// <summary>Decides how chunks are given to sources.</summary>
    public static SharingBuilder UseSelector<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSelector>(
        this SharingBuilder sharing)
        where TSelector : class, IChunkSourceSelector
    {
        if (sharing.Choose("source selector", typeof(TSelector).FullName!))
        {
            sharing.Services.TryAddSingleton<IChunkSourceSelector, TSelector>();
        }

        return sharing;
    }

    /// <summary>Says what people may do, by tier; calls add up.</summary>
    public static SharingBuilder WithLimits(this SharingBuilder sharing, Action<LimitOptions> configure)
    {
        sharing.Services.Configure(configure);
        return sharing;
    }

    /// <summary>Tunes transfers.</summary>
    public static SharingBuilder WithTransfers(this SharingBuilder sharing, Action<TransferOptions> configure)
    {
        sharing.Services.Configure(configure);
        return sharing;
    }

    /// <summary>Tunes the sweep, which deletes what nothing refers to any more.</summary>
    public static SharingBuilder WithSweep(this SharingBuilder sharing, Action<SweepOptions> configure)
    {
        sharing.Services.Configure(configure);
        return sharing;
    }

    /// <summary>Tunes the scrub, which hashes stored contents again.</summary>
    public static SharingBuilder WithScrub(this SharingBuilder sharing, Action<ScrubOptions> configure)
    {
        sharing.Services.Configure(configure);
        return sharing;
    }

    /// <summary>Whether this host does background work (publishing, fetching, sweeping) or leaves it to others on the same records.</summary>
    public static SharingBuilder WithBackgroundWork(this SharingBuilder sharing, bool enabled)
    {
        sharing.Services.Configure<BackgroundWorkOptions>(options => options.Enabled = enabled);
        return sharing;
    }

    /// <summary>For authors of systems: background work that <see cref="WithBackgroundWork"/> can switch off. Adding it twice adds it once.</summary>
    public static IServiceCollection AddBackgroundWork<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TService>(
        this IServiceCollection services)
        where TService : BackgroundService => services.AddBackgroundWork(static provider => ActivatorUtilities.CreateInstance<TService>(provider));

    /// <inheritdoc cref="AddBackgroundWork{TService}(IServiceCollection)"/>
    /// <param name="services">The services.</param>
    /// <param name="make">Makes the service.</param>
    public static IServiceCollection AddBackgroundWork<TService>(this IServiceCollection services, Func<IServiceProvider, TService> make)
        where TService : BackgroundService
    {
        if (!services.Any(static d => d.ServiceType == typeof(TService)))
        {
            services.AddSingleton(make);
            services.AddSingleton<IHostedService>(static provider =>
                provider.GetRequiredService<IOptions<BackgroundWorkOptions>>().Value.Enabled ? provider.GetRequiredService<TService>() : new NoWork());
        }

        return services;
    }

    sealed class NoWork : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Puts what is found before what is declared, once: whichever graph the host chose.</summary>
    static void AddFound(IServiceCollection services)
    {
        if (services.Any(static d => d.ServiceType == typeof(DeclaredRelationships)) || !services.Any(static d => d.ServiceType == typeof(IFoundRelationships)))
        {
            return;
        }

        var declared = services.Last(static d => d.ServiceType == typeof(IRelationshipGraph));
        services.Remove(declared);
        services.AddSingleton(provider => new DeclaredRelationships((IRelationshipGraph)(declared.ImplementationInstance ?? declared.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, declared.ImplementationType!))));
        services.AddSingleton<IRelationshipGraph, FindingRelationshipGraph>();
    }
}
