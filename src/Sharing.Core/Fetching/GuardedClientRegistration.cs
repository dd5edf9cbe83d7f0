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

    /// <summary>Adds the client named <see cref="GuardedClient.Name"/>; a second call only returns its builder.</summary>
    internal static IHttpClientBuilder AddGuardedClient(this IServiceCollection services)
    {
        var builder = services.AddHttpClient(GuardedClient.Name);
        if (services.Any(static d => d.ServiceType == typeof(FetchFailures)))
        {
            return builder;
        }

        services.AddOptions<FetchOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<FetchOptions>, FetchOptionsValidation>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static provider => new AddressPolicy(Options(provider)));
        services.TryAddSingleton(static provider => new GuardedConnector(Policy(provider), Options(provider), Time(provider)));
        services.AddSingleton<FetchFailures>();

        return builder
            .ConfigureHttpClient(static client =>
            {
                client.Timeout = Timeout.InfiniteTimeSpan;
                client.MaxResponseContentBufferSize = LargestBuffer;
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan) // the primary handler renews its connections itself
            .ConfigurePrimaryHttpMessageHandler(static provider => provider.GetRequiredService<GuardedConnector>().CreateHandler())
            .AddHttpMessageHandler(static provider => new FailureMappingHandler(Failures(provider)))
            .AddHttpMessageHandler(static provider => new LimitingHandler(Options(provider), Failures(provider), Time(provider)))
            .AddHttpMessageHandler(static provider => new RetryingHandler(
                Options(provider), Time(provider), provider.GetRequiredService<ILogger<RetryingHandler>>()))
            .AddHttpMessageHandler(static provider => new RedirectingHandler(Options(provider), Policy(provider)))
            .AddHttpMessageHandler(static provider => new CheckingHandler(Options(provider), Policy(provider), Time(provider)));
    }

    static FetchOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<FetchOptions>>().Value;

    static AddressPolicy Policy(IServiceProvider provider) => provider.GetRequiredService<AddressPolicy>();

    static FetchFailures Failures(IServiceProvider provider) => provider.GetRequiredService<FetchFailures>();

    static TimeProvider Time(IServiceProvider provider) => provider.GetRequiredService<TimeProvider>();
}
