using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing;

/// <summary>Takes sharing between terminals into a host.</summary>
public static class SharingP2PExtensions
{
    /// <summary>The role of the shared-data server: people's spaces, their shares, tickets, and the index of who has which chunk.</summary>
    public static SharingBuilder AddSharedData(this SharingBuilder sharing, Action<P2POptions>? configure = null)
    {
        sharing.Services.Configure<P2POptions>(static options => options.UploadSlots = P2POptions.ServerSlots);
        AddOptions(sharing, configure).AddUploads<RecordShares>();
        sharing.Services.TryAddSingleton<TicketSigner>();
        sharing.Services.TryAddSingleton<RecordShares>();
        sharing.Services.TryAddSingleton<IShares>(static provider => provider.GetRequiredService<RecordShares>());
        sharing.Services.TryAddSingleton<ITicketKeys, ServerTicketKeys>();
        sharing.Services.TryAddSingleton<IAddressProof, CallBackProof>();
        sharing.Services.TryAddSingleton<IChunkIndex, MemoryChunkIndex>();
        sharing.Services.TryAddSingleton<PeerDoor>();
        sharing.Services.TryAddSingleton<FirstCopies>();
        sharing.Services.TryAddSingleton<EgressMeter>();
        sharing.Services.TryAddSingleton<ServerAdvice>();
        sharing.Services.TryAddSingleton<ISwarmAdvice>(static provider => provider.GetRequiredService<ServerAdvice>());
        sharing.Services.TryAddSingleton<ExportHashes>();
        sharing.Services.TryAddSingleton<ShareExports>();
        sharing.Services.TryAddSingleton<Steering>();
        sharing.Services.TryAddEnumerable(ServiceDescriptor.Singleton<ISweep, ExportSweep>());
        sharing.Services.TryAddSingleton<IDeliveries, RecordDeliveries>();
        sharing.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPersonalData, SharesPersonalData>());
        return sharing;
    }

    /// <summary>The role of an index server of its own: knows which terminals have which chunks of the shares of other hosts, <see cref="P2POptions.DataServers"/>, whose tickets it takes.</summary>
    /// <remarks>On a host that has <see cref="AddSharedData"/> nothing is to be added.</remarks>
    public static SharingBuilder AddChunkIndex(this SharingBuilder sharing, Action<P2POptions> configure)
    {
        AddOptions(sharing, configure);
        sharing.Services.AddOptions<FetchOptions>().Configure<IOptions<P2POptions>>(static (fetching, options) =>
        {
            foreach (var server in options.Value.DataServers)
            {
                fetching.Services.Add(server.Authority);
            }
        });
        sharing.Services.TryAddSingleton<ITicketKeys, RemoteTicketKeys>();
        sharing.Services.TryAddSingleton<IAddressProof, CallBackProof>();
        sharing.Services.TryAddSingleton<IChunkIndex, MemoryChunkIndex>();
        return sharing;
    }

    /// <summary>The role of a terminal: fetches shares from their server and from other terminals, and gives them on.</summary>
    public static SharingBuilder AddP2P(this SharingBuilder sharing, Action<P2POptions>? configure = null)
    {
        AddOptions(sharing, configure);
        sharing.Services.TryAddSingleton<DeviceIdentity>();
        sharing.Services.TryAddSingleton<IPeerIdentity>(static provider => provider.GetRequiredService<DeviceIdentity>());
        sharing.Services.TryAddSingleton<HeldShares>();
        sharing.Services.TryAddSingleton<ITicketKeys>(static provider => provider.GetRequiredService<HeldShares>());
        sharing.Services.TryAddSingleton<PeerDoor>();
        sharing.Services.TryAddSingleton<RunningFetches>();
        sharing.Services.TryAddSingleton<IShareFetches>(static provider => provider.GetRequiredService<RunningFetches>());
        sharing.Services.TryAddSingleton<SpreadSwarms>();
        sharing.Services.TryAddSingleton<SwarmIndexes>();
        sharing.Services.TryAddSingleton<IIndexPlacement>(static provider => provider.GetRequiredService<SwarmIndexes>());
        sharing.Services.TryAddSingleton<SwarmNode>();
        sharing.Services.TryAddSingleton<ShareServers>();
        sharing.Services.TryAddSingleton<AwaitedDeliveries>();
        sharing.Services.TryAddSingleton<ShareOpener>();
        sharing.Services.TryAddSingleton<IShareDownloads, ShareDownloads>();
        sharing.Services.TryAddSingleton<OwnShares>();
        sharing.Services.TryAddSingleton<ShareOrigin>();
        sharing.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPersonalData, TerminalPersonalData>());
        sharing.Services.AddBackgroundWork<Seeder>();
        return sharing;
    }

    /// <summary>On a server of the role data or index: keeps the index elsewhere than in memory. A data server exports only terminals that an <see cref="IPlainListing"/> names.</summary>
    public static SharingBuilder UseIndex<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TIndex>(this SharingBuilder sharing)
        where TIndex : class, IChunkIndex
    {
        if (sharing.Choose("chunk index", typeof(TIndex).FullName!))
        {
            sharing.Services.Replace(ServiceDescriptor.Singleton<IChunkIndex, TIndex>());
        }

        return sharing;
    }

    /// <summary>On a terminal: asks other indexes than those that shares name.</summary>
    public static SharingBuilder UseIndexPlacement<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TPlacement>(this SharingBuilder sharing)
        where TPlacement : class, IIndexPlacement
    {
        if (sharing.Choose("index placement", typeof(TPlacement).FullName!))
        {
            sharing.Services.Replace(ServiceDescriptor.Singleton<IIndexPlacement, TPlacement>());
        }

        return sharing;
    }

    /// <summary>For a terminal whose user has a space on a shared-data server: his registration there (row D1).</summary>
    /// <param name="sharing">The builder.</param>
    /// <param name="server">The server's address, with a slash at its end.</param>
    /// <param name="tokenOf">The bearer token of a person there.</param>
    public static SharingBuilder UseSharedData(this SharingBuilder sharing, Uri server, Func<PersonId?, CancellationToken, ValueTask<string?>> tokenOf)
    {
        if (sharing.Choose("space", server.ToString()))
        {
            sharing.WithFetching(fetching => fetching.Services.Add($"{server.Host}:{server.Port}")).Services.TryAddSingleton(new ShareHome(server, tokenOf));
            sharing.Services.TryAddSingleton<IShares>(static provider => provider.GetRequiredService<ShareServers>() is { Home: { } home } servers
                ? servers.SharesAt(home.Server)
                : throw new InvalidOperationException("This terminal has no space."));
        }

        return sharing;
    }

    /// <summary>Shares folders of the user's into his space (row D1), and gives what is in them to other terminals meanwhile. Needs <see cref="UseSharedData"/>.</summary>
    public static SharingBuilder AddSharedFolders(this SharingBuilder sharing, Action<FolderOptions>? configure = null)
    {
        var services = sharing.AddP2P().Services;
        services.AddOptions<FolderOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<FolderOptions>, FolderOptions.Validator>());
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton<FolderStore>();
        services.TryAddSingleton<FolderSignal>();
        services.TryAddSingleton<FolderProgress>();
        services.TryAddSingleton<FolderPace>();
        services.TryAddSingleton<FileSharing>();
        services.TryAddSingleton<ISharedFolders, SharedFolders>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPersonalData, FoldersPersonalData>());
        services.AddBackgroundWork<FolderWork>();
        return sharing;
    }

    static SharingBuilder AddOptions(SharingBuilder sharing, Action<P2POptions>? configure)
    {
        sharing.Services.AddOptions<P2POptions>().ValidateOnStart();
        sharing.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<P2POptions>, P2POptions.Validator>());
        if (configure is not null)
        {
            sharing.Services.Configure(configure);
        }

        return sharing;
    }
}
