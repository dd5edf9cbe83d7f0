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
        sharing.Services.TryAddSingleton<HeldShares>();
        sharing.Services.TryAddSingleton<ITicketKeys>(static provider => provider.GetRequiredService<HeldShares>());
        sharing.Services.TryAddSingleton<PeerDoor>();
        sharing.Services.TryAddSingleton<RunningFetches>();
        sharing.Services.TryAddSingleton<IShareFetches>(static provider => provider.GetRequiredService<RunningFetches>());
        sharing.Services.TryAddSingleton<SpreadSwarms>();
        sharing.Services.TryAddSingleton<SwarmIndexes>();
        sharing.Services.TryAddSingleton<SwarmNode>();
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
