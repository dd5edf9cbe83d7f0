using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Sharing.Core;

/// <summary>Registers the guarded client.</summary>
static class GuardedClientRegistration
{
    // A caller who asks for a whole body in memory (GetStringAsync and the like) gets this much; larger bodies are streamed.
    const long LargestBuffer = 8 * 1024 * 1024;

    /// <summary>Adds the clients that <see cref="GuardedClient"/> names; a second call changes nothing.</summary>
    internal static void AddGuardedClient(this IServiceCollection services)
    {
        if (services.Any(static d => d.ServiceType == typeof(FetchFailures)))
        {
            return;
        }

        services.AddOptions<FetchOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<FetchOptions>, FetchOptionsValidation>());
        services.TryAddSingleton(TimeProvider.System);
        Add(services, GuardedClient.Name);
        Add(services, GuardedClient.Services);
        services.TryAddSingleton<PeerAddresses>();
        services.TryAddSingleton(static provider => new PeerConnector(provider.GetRequiredService<PeerAddresses>(), Options(provider), provider.GetService<IPeerIdentity>()));
        services.AddHttpClient(GuardedClient.Peers)
            .ConfigureHttpClient(static client =>
            {
                client.Timeout = Timeout.InfiniteTimeSpan;
                client.MaxResponseContentBufferSize = LargestBuffer;
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(static provider => provider.GetRequiredService<PeerConnector>().CreateHandler())
            .AddHttpMessageHandler(static provider => new FailureMappingHandler(Failures(provider, GuardedClient.Services)))
            .AddHttpMessageHandler(static provider => new LimitingHandler(Options(provider), Failures(provider, GuardedClient.Services), Time(provider)))
            .AddHttpMessageHandler(static provider => new CheckingHandler(Options(provider), Time(provider)));
    }

    static void Add(IServiceCollection services, string name)
    {
        services.TryAddKeyedSingleton(name, static (provider, key) => new AddressPolicy(Options(provider), (string)key!));
        services.TryAddKeyedSingleton(name, static (provider, key) => new GuardedConnector(Policy(provider, key), Options(provider), Time(provider)));
        services.TryAddKeyedSingleton(name, static (provider, key) => new FetchFailures(Policy(provider, key), provider.GetRequiredService<ILogger<FetchFailures>>()));
        services.AddHttpClient(name)
            .ConfigureHttpClient(static client =>
            {
                client.Timeout = Timeout.InfiniteTimeSpan;
                client.MaxResponseContentBufferSize = LargestBuffer;
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan) // the primary handler renews its connections itself
            .ConfigurePrimaryHttpMessageHandler(provider => provider.GetRequiredKeyedService<GuardedConnector>(name).CreateHandler())
            .AddHttpMessageHandler(provider => new FailureMappingHandler(Failures(provider, name)))
            .AddHttpMessageHandler(provider => new LimitingHandler(Options(provider), Failures(provider, name), Time(provider)))
            .AddHttpMessageHandler(static provider => new RetryingHandler(
                Options(provider), Time(provider), provider.GetRequiredService<ILogger<RetryingHandler>>()))
            .AddHttpMessageHandler(provider => new RedirectingHandler(Options(provider), Policy(provider, name)))
            .AddHttpMessageHandler(static provider => new CheckingHandler(Options(provider), Time(provider)));
    }

    static FetchOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<FetchOptions>>().Value;

    static AddressPolicy Policy(IServiceProvider provider, object? client) => provider.GetRequiredKeyedService<AddressPolicy>(client);

    static FetchFailures Failures(IServiceProvider provider, object? client) => provider.GetRequiredKeyedService<FetchFailures>(client);

    static TimeProvider Time(IServiceProvider provider) => provider.GetRequiredService<TimeProvider>();
}
